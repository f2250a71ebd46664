//! Parsing of bodies, on the threads for such work and within a budget.

use std::sync::Arc;

use serde_json::Value;
use voordeur_fair_queue::ClientKey;
use voordeur_formats::FormatError;
use voordeur_widget_api::{Budget, Format, Request};
use voordeur_worker_pool::WorkError;

use super::cache_entry::size_of_tree;
use super::live_trees::{MAX_LIVE_BYTES, MAX_LIVE_BYTES_OF_CITIZENS};
use super::{BodyOrigin, FetchError, Upstream};

impl Upstream {
    /// Parses a body into a tree with its size in memory, and returns the body.
    pub(super) async fn parse_body(
        &self,
        request: &Request,
        client: ClientKey,
        body: Vec<u8>,
        origin: &BodyOrigin,
    ) -> (Result<(Arc<Value>, usize), FetchError>, Vec<u8>) {
        let limit = match request.user_supplied_url {
            true => MAX_LIVE_BYTES_OF_CITIZENS,
            false => MAX_LIVE_BYTES,
        };
        if !self.live_trees.have_room(limit) {
            // Trees that nobody holds any more leave memory first.
            self.entries.run_pending_tasks();
            if !self.live_trees.have_room(limit) {
                return (Err(FetchError::Busy), body);
            }
        }
        let (format, budget) = (request.format, Budget::default());
        let (charged, origin) = (budget.clone(), origin.clone());
        // The body is shared, so that a panic does not lose it.
        let body = Arc::new(body);
        let shared = Arc::clone(&body);
        let received = &body[..];
        let if_empty =
            Some(request.body_to_read(received)).filter(|read| !std::ptr::eq(*read, received));
        let if_empty = if_empty.map(<[u8]>::to_vec);
        let parsing = self.workers.run(client, service_of(request), &budget, move || {
            let read = if_empty.as_deref().unwrap_or(&shared);
            let tree = voordeur_formats::read_with(format, read, origin.metadata(), &charged)?;
            let size = size_of_tree(&tree);
            Ok((Arc::new(tree), size))
        });
        let parsed = match parsing.await {
            Ok(Ok((tree, size))) => {
                self.live_trees.add(&tree, size);
                Ok((tree, size))
            }
            Ok(Err(FormatError::OverBudget(limit))) => {
                Err(FetchError::OverBudget(limit.to_string()))
            }
            Ok(Err(error)) => Err(match (request.user_supplied_url, format) {
                (true, Format::Feed) => FetchError::NotAFeed,
                (true, Format::ICalendar) => FetchError::NotACalendar,
                _ => FetchError::Unreadable(error.to_string()),
            }),
            Err(WorkError::Panicked) => Err(FetchError::Unreadable("reading it panicked".into())),
            Err(error @ WorkError::TimedOut) => Err(FetchError::OverBudget(error.to_string())),
        };
        (parsed, Arc::unwrap_or_clone(body))
    }
}

/// The service for which work is done: a host, since a widget for feeds has any number of them.
pub(super) fn service_of(request: &Request) -> &str {
    let rest = request.url.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}
