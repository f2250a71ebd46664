//! The server and its folder of data, from outside: what a kill, a full disk, a read-only folder and the operator's commands do to it.

mod commands;
mod disk;
mod kills;
mod server;
mod tab;
