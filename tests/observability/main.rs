//! Operators' and citizens' view of the state of services and of the server itself.

mod metrics;
mod options;
mod server;
mod status;
