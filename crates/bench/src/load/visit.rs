//! One visit: the page, what belongs to it, and sometimes an edit or a card that is asked again, as a browser does it.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, LAST_MODIFIED};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::form_urlencoded::Serializer;

use super::{Connection, LOOKED_AT, Load, Said, wrong};
use crate::BenchError;
use crate::population::Citizen;
use crate::random::Chance;

/// What a page makes a browser load.
const FILES: [&str; 3] = ["/pkg/voordeur.css", "/pkg/voordeur.js", "/pkg/voordeur_bg.wasm"];
/// Visits of somebody who was never here.
const NEW: f64 = 0.03;
/// Visits in which something is changed.
const EDITS: f64 = 0.01;
/// Visits that last until a card's time has come.
const STAYS: f64 = 0.2;
const BROWSER: [(&str, &str); 2] = [
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "nl-BE,nl;q=0.9,en;q=0.5"),
];
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SAME_SITE: (&str, &str) = ("sec-fetch-site", "same-origin");
const PLAIN: (&str, &str) = ("accept-encoding", "identity");

/// When the files were made, so that a browser can ask whether they changed.
static FILES_MADE: OnceCell<String> = OnceCell::const_new();

impl Load {
    /// Visits. Its page's time counts from when the visit was due.
    pub(super) async fn visit(&self, due: Instant, chance: &mut Chance) -> Result<(), BenchError> {
        let number = self.population.somebody(chance);
        let mut connection = Connection::open(self.server, number).await?;
        if chance.happens(NEW) {
            let page = self.page(&mut connection, &BROWSER, due).await?;
            drop(page);
            return self.files(&mut connection, None).await;
        }
        let citizen = self.population.citizen(number);
        let cookie = format!("voordeur={}", citizen.token);
        let cookie = ("cookie", cookie.as_str());
        let edits = chance.happens(EDITS);
        if edits || chance.below(LOOKED_AT) == 0 {
            let page = self.page(&mut connection, &[cookie, PLAIN, BROWSER[1]], due).await?;
            let page = String::from_utf8_lossy(&page.body).into_owned();
            self.look_at(&page, &citizen, edits)?;
            if edits {
                self.edit(&mut connection, cookie, &page).await?;
            }
        } else {
            let page = self.page(&mut connection, &[cookie, BROWSER[0], BROWSER[1]], due).await?;
            if page.headers.get(CONTENT_ENCODING).is_none() {
                return Err(BenchError::Said("a page came without compression".to_owned()));
            }
        }
        let made = FILES_MADE.get_or_try_init(|| self.files_made()).await?;
        self.files(&mut connection, Some(made)).await?;
        if chance.happens(STAYS) {
            let card = &citizen.cards[chance.below(citizen.cards.len())].id;
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            self.ask_again(&mut connection, cookie, card, edits).await?;
        }
        Ok(())
    }

    /// Changes a citizen's board so often, one change after the other.
    pub async fn edit_often(&self, number: u64, times: usize) -> Result<(), BenchError> {
        let mut connection = Connection::open(self.server, number).await?;
        let cookie = format!("voordeur={}", self.population.citizen(number).token);
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
    ) -> Result<Said, BenchError> {
        let page = connection.ask("GET", "/", headers, Vec::new()).await?;
        self.note(|figures| {
            figures.pages.note(due.elapsed());
            figures.requests += 1;
            figures.bytes += page.body.len() as u64;
        });
        if page.status == StatusCode::OK { Ok(page) } else { Err(wrong("a page", &page)) }
    }

    /// A page that is whole and is the citizen's own, and the states of its cards.
    fn look_at(&self, page: &str, citizen: &Citizen, edits: bool) -> Result<(), BenchError> {
        let whole = page.trim_end().ends_with("</html>");
        // Somebody else's visit as the same citizen may have changed the order, and no more than that.
        let own =
            citizen.cards.iter().all(|card| page.contains(&format!("data-card=\"{}\"", card.id)));
        if !whole || !own {
            let what =
                if whole { "a page was not the citizen's own" } else { "a page was not whole" };
            return Err(BenchError::Said(what.to_owned()));
        }
        // Who edits is no sample of those who come.
        if !edits {
            self.note(|figures| {
                for state in
                    page.split("data-state=\"").skip(1).filter_map(|it| it.split('"').next())
                {
                    *figures.states.entry(state.to_owned()).or_default() += 1;
                }
            });
        }
        Ok(())
    }

    /// Puts the first card one place later, or folds it.
    async fn edit(
        &self,
        connection: &mut Connection,
        cookie: (&str, &str),
        page: &str,
    ) -> Result<(), BenchError> {
        let told = |name: &str| {
            let rest = page.split_once(&format!("name=\"{name}\" value=\""))?.1;
            rest.split('"').next().map(str::to_owned)
        };
        let card = page.split_once("data-card=\"").and_then(|it| it.1.split('"').next());
        let (Some(card), Some(revision), Some(key)) = (card, told("revision"), told("edit")) else {
            return Err(BenchError::Said("a page had no form to edit it".to_owned()));
        };
        let pairs = [("revision", &*revision), ("edit", &*key), ("direction", "later")];
        let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let began = Instant::now();
        let headers = [cookie, FORM, SAME_SITE];
        let path = format!("/cards/{card}/move");
        let made = connection.ask("POST", &path, &headers, form.into_bytes()).await?;
        self.note(|figures| {
            figures.edits.note(began.elapsed());
            figures.requests += 1;
        });
        // Two visits of one citizen at once may have met; the page says so, and nothing is lost.
        if made.status != StatusCode::SEE_OTHER && made.status != StatusCode::CONFLICT {
            return Err(wrong("an edit", &made));
        }
        Ok(())
    }

    /// What the browser has already it asks about; somebody new gets it whole.
    async fn files(
        &self,
        connection: &mut Connection,
        made: Option<&str>,
    ) -> Result<(), BenchError> {
        for file in FILES {
            let mut headers = vec![BROWSER[0]];
            headers.extend(made.map(|made| ("if-modified-since", made)));
            let said = connection.ask("GET", file, &headers, Vec::new()).await?;
            self.note(|figures| {
                figures.requests += 1;
                figures.bytes += said.body.len() as u64;
            });
            let expected = if made.is_some() { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
            if said.status != expected {
                return Err(wrong(file, &said));
            }
        }
        Ok(())
    }

    /// The latest time at which one of the files was made.
    async fn files_made(&self) -> Result<String, BenchError> {
        let mut connection = Connection::open(self.server, 0).await?;
        let mut latest = jiff::Timestamp::MIN;
        for file in FILES {
            // As a browser asks: what is stored compressed was written later.
            let said = connection.ask("HEAD", file, &[BROWSER[0]], Vec::new()).await?;
            let made = said.headers.get(LAST_MODIFIED).and_then(|made| made.to_str().ok());
            let made = made.ok_or_else(|| wrong(file, &said))?;
            let made = jiff::fmt::rfc2822::parse(made)
                .map_err(|error| BenchError::Said(error.to_string()))?;
            latest = latest.max(made.timestamp());
        }
        Ok(latest.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// Asks for one card as the browser's part does: the server function, in Postcard.
    async fn ask_again(
        &self,
        connection: &mut Connection,
        cookie: (&str, &str),
        card: &str,
        edits: bool,
    ) -> Result<(), BenchError> {
        let mut body = vec![u8::try_from(card.len()).unwrap_or_default()];
        body.extend_from_slice(card.as_bytes());
        body.push(u8::from(edits));
        let postcard =
            [("content-type", "application/x-postcard"), ("accept", "application/x-postcard")];
        let headers = [cookie, SAME_SITE, postcard[0], postcard[1], BROWSER[0]];
        let began = Instant::now();
        let said = connection.ask("POST", "/api/refresh-card", &headers, body).await?;
        self.note(|figures| {
            figures.cards.note(began.elapsed());
            figures.requests += 1;
            figures.bytes += said.body.len() as u64;
        });
        if said.status == StatusCode::OK { Ok(()) } else { Err(wrong("a card", &said)) }
    }
}
