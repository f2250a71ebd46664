//! The server and its folder of data, from outside: what a kill, a full disk, a read-only folder and the operator's commands do to it.

mod commands;
mod crashes;
mod disk;
mod server;
mod tab;
