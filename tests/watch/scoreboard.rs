//! The scoreboard of services.
