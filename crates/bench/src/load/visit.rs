//! One visit as a browser makes it: the page, its files, and sometimes an edit or a refreshed card.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, LAST_MODIFIED};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::form_urlencoded::Serializer;

use super::{Connection, INSPECTED_EVERY, Load, ServerResponse, unexpected_status};
use crate::BenchError;
use crate::population::Citizen;
use crate::random::{Distributions, Rng};

/// Files that every page loads.
const FILES: [&str; 4] =
    ["/pkg/voordeur.css", "/pkg/start.js", "/pkg/voordeur.js", "/pkg/voordeur_bg.wasm"];
/// Share of visits by new visitors.
const FIRST_VISITS: f64 = 0.03;
/// Share of visits with an edit.
const EDITS: f64 = 0.01;
/// Share of visits that last until a card refreshes.
const REFRESHES: f64 = 0.2;
const BROWSER: [(&str, &str); 2] = [
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "nl-BE,nl;q=0.9,en;q=0.5"),
];
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SAME_SITE: (&str, &str) = ("sec-fetch-site", "same-origin");
const PLAIN: (&str, &str) = ("accept-encoding", "identity");

/// The last modification of the files, for conditional requests.
static FILES_MADE: OnceCell<String> = OnceCell::const_new();

impl Load {
    /// Makes one visit. The latency of its page counts from `due`.
    pub(super) async fn visit(&self, due: Instant, rng: &mut Rng) -> Result<(), BenchError> {
        let number = self.population.random_visitor(rng);
        let mut connection = Connection::open(self.server, number).await?;
        if rng.bernoulli(FIRST_VISITS) {
            let page = self.page(&mut connection, &BROWSER, due).await?;
            drop(page);
            return self.files(&mut connection, None).await;
        }
        let citizen = self.population.citizen(number);
        let cookie = format!("voordeur={}", citizen.token.secret());
        let cookie = ("cookie", cookie.as_str());
        let edits = rng.bernoulli(EDITS);
        if edits || rng.usize(..INSPECTED_EVERY) == 0 {
            let page = self.page(&mut connection, &[cookie, PLAIN, BROWSER[1]], due).await?;
            let page = String::from_utf8_lossy(&page.body).into_owned();
            self.inspect(&page, &citizen, edits)?;
            if edits {
                self.edit(&mut connection, cookie, &page).await?;
            }
        } else {
            let page = self.page(&mut connection, &[cookie, BROWSER[0], BROWSER[1]], due).await?;
            if page.headers.get(CONTENT_ENCODING).is_none() {
                return Err(BenchError::Message("page not compressed".to_owned()));
            }
        }
        let made = FILES_MADE.get_or_try_init(|| self.files_made()).await?;
        self.files(&mut connection, Some(made)).await?;
        if rng.bernoulli(REFRESHES) {
            let card = &citizen.cards[rng.usize(..citizen.cards.len())].id;
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            self.refresh_card(&mut connection, cookie, card, edits).await?;
        }
        Ok(())
    }

    /// Edits the board of a citizen a number of times, one edit after the other.
    pub async fn edit_often(&self, number: u64, times: usize) -> Result<(), BenchError> {
        let mut connection = Connection::open(self.server, number).await?;
        let cookie = format!("voordeur={}", self.population.citizen(number).token.secret());
        let cookie = ("cookie", cookie.as_str());
        for _ in 0..times {
            let due = Instant::now();
            let page = self.page(&mut connection, &[cookie, PLAIN, BROWSER[1]], due).await?;
            let page = String::from_utf8_lossy(&page.body).into_owned();
            self.edit(&mut connection, cookie, &page).await?;
        }
        Ok(())
    }

    async fn page(
        &self,
        connection: &mut Connection,
        headers: &[(&str, &str)],
        due: Instant,
    ) -> Result<ServerResponse, BenchError> {
        let page = connection.request("GET", "/", headers, Vec::new()).await?;
        self.record(|stats| {
            stats.pages.record(due.elapsed());
            stats.requests += 1;
            stats.bytes += page.body.len() as u64;
        });
        if page.status == StatusCode::OK { Ok(page) } else { Err(unexpected_status("page", &page)) }
    }

    /// Checks that a page is complete and the citizen's own, and records the states of its cards.
    fn inspect(&self, page: &str, citizen: &Citizen, edits: bool) -> Result<(), BenchError> {
        let whole = page.trim_end().ends_with("</html>");
        // Another visit of the same citizen may have moved a card, and nothing else.
        let own =
            citizen.cards.iter().all(|card| page.contains(&format!("data-card=\"{}\"", card.id)));
        if !whole || !own {
            let what = if whole { "page of another citizen" } else { "incomplete page" };
            return Err(BenchError::Message(what.to_owned()));
        }
        // Citizens who edit are not a representative sample.
        if !edits {
            self.record(|stats| {
                for state in
                    page.split("data-state=\"").skip(1).filter_map(|it| it.split('"').next())
                {
                    *stats.states.entry(state.to_owned()).or_default() += 1;
                }
            });
        }
        Ok(())
    }

    /// Moves the first card one position later.
    async fn edit(
        &self,
        connection: &mut Connection,
        cookie: (&str, &str),
        page: &str,
    ) -> Result<(), BenchError> {
        let field = |name: &str| {
            let rest = page.split_once(&format!("name=\"{name}\" value=\""))?.1;
            rest.split('"').next().map(str::to_owned)
        };
        let card = page.split_once("data-card=\"").and_then(|it| it.1.split('"').next());
        let (Some(card), Some(revision), Some(key)) = (card, field("revision"), field("edit"))
        else {
            return Err(BenchError::Message("page without edit form".to_owned()));
        };
        let pairs = [("revision", &*revision), ("edit", &*key), ("direction", "later")];
        let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let began = Instant::now();
        let headers = [cookie, FORM, SAME_SITE];
        let path = format!("/cards/{card}/move");
        let made = connection.request("POST", &path, &headers, form.into_bytes()).await?;
        self.record(|stats| {
            stats.edits.record(began.elapsed());
            stats.requests += 1;
        });
        // Two visits of one citizen may conflict, which the page reports; nothing is lost.
        if made.status != StatusCode::SEE_OTHER && made.status != StatusCode::CONFLICT {
            return Err(unexpected_status("edit", &made));
        }
        Ok(())
    }

    /// Conditional requests for a returning visitor, full ones for a new visitor.
    async fn files(
        &self,
        connection: &mut Connection,
        made: Option<&str>,
    ) -> Result<(), BenchError> {
        for file in FILES {
            let mut headers = vec![BROWSER[0]];
            headers.extend(made.map(|made| ("if-modified-since", made)));
            let response = connection.request("GET", file, &headers, Vec::new()).await?;
            self.record(|stats| {
                stats.requests += 1;
                stats.bytes += response.body.len() as u64;
            });
            let expected = if made.is_some() { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
            if response.status != expected {
                return Err(unexpected_status(file, &response));
            }
        }
        Ok(())
    }

    /// The latest modification time of the files.
    async fn files_made(&self) -> Result<String, BenchError> {
        let mut connection = Connection::open(self.server, 0).await?;
        let mut latest = jiff::Timestamp::MIN;
        for file in FILES {
            // With the browser's encodings: the stored compressed files were written later.
            let response = connection.request("HEAD", file, &[BROWSER[0]], Vec::new()).await?;
            let made = response.headers.get(LAST_MODIFIED).and_then(|made| made.to_str().ok());
            let made = made.ok_or_else(|| unexpected_status(file, &response))?;
            let made = jiff::fmt::rfc2822::parse(made)
                .map_err(|error| BenchError::Message(error.to_string()))?;
            latest = latest.max(made.timestamp());
        }
        Ok(latest.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// Refreshes one card with the server function, as the browser does.
    async fn refresh_card(
        &self,
        connection: &mut Connection,
        cookie: (&str, &str),
        card: &str,
        edits: bool,
    ) -> Result<(), BenchError> {
        let body = format!("card={card}&newest={edits}").into_bytes();
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers = [cookie, SAME_SITE, form, BROWSER[0]];
        let began = Instant::now();
        let response = connection.request("POST", "/api/refresh-card", &headers, body).await?;
        self.record(|stats| {
            stats.cards.record(began.elapsed());
            stats.requests += 1;
            stats.bytes += response.body.len() as u64;
        });
        if response.status == StatusCode::OK {
            Ok(())
        } else {
            Err(unexpected_status("card", &response))
        }
    }
}
