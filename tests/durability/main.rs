//! The server and its folder of data: kills, a full disk, a read-only folder and the operator's
//! commands.

mod commands;
mod crashes;
mod disk;
mod editor;
mod server;
