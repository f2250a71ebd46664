//! What the operator and the citizen are told of how it goes, by the server as it is started.

mod figures;
mod options;
mod server;
mod status;
