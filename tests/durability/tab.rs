//! A browser's tab without a browser: it edits one thing of a board, again and again, and knows what was acknowledged.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

/// What speaks to the server; it follows no redirect, since that is the acknowledgement.
pub fn client() -> Client {
    // Fails only when another one was installed before, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).build().expect("a client")
}

/// A guest, known by a cookie.
#[derive(Clone)]
pub struct Guest {
    pub client: Client,
    pub cookie: String,
}

impl Guest {
    /// Somebody new, who chooses a language.
    pub async fn arrive(client: &Client, url: &str) -> Self {
        let mut guest = Guest { client: client.clone(), cookie: String::new() };
        let answer = guest.post(url, "/language", &[("language", "nl")]).await.expect("answers");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let set = answer.headers().get(SET_COOKIE).expect("a cookie").to_str().expect("text");
        guest.cookie = set.split(';').next().unwrap_or_default().to_owned();
        guest
    }

    /// Posts a form.
    pub async fn post(
        &self,
        url: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> reqwest::Result<Response> {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.client
            .post(format!("{url}{path}"))
            .header(COOKIE, &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
    }

    /// Gets a page: its status and its text.
    pub async fn get(&self, url: &str, path: &str) -> (StatusCode, String) {
        let request = self.client.get(format!("{url}{path}")).header(COOKIE, &self.cookie);
        let answer = request.send().await.expect("answers");
        (answer.status(), answer.text().await.expect("a page"))
    }

    /// Adds a page and gives its id.
    pub async fn add_page(&self, url: &str, name: &str) -> String {
        let answer = self.post(url, "/pages", &[("name", name), ("icon", "work")]).await;
        let answer = answer.expect("answers");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let to = answer.headers().get(LOCATION).expect("an address").to_str().expect("text");
        let (_, rest) = to.split_once("page=").expect("a page");
        rest.split(['&', '#']).next().unwrap_or_default().to_owned()
    }
}

/// A tab that gives a page of its own one name after the other: `TAB-1`, `TAB-2` and so on.
pub struct Tab {
    pub guest: Guest,
    /// Names the tab, and is the first part of the names that it gives.
    pub name: String,
    /// The id of the page.
    pub page: String,
    /// So many names were given and acknowledged.
    pub acknowledged: u64,
}

impl Tab {
    /// Sends the next name, with the key of that edit, which is the same however often it is sent. True when it was acknowledged.
    pub async fn edit(&mut self, url: &str) -> bool {
        let number = self.acknowledged + 1;
        let name = format!("{}-{number}", self.name);
        let fields = [
            ("name", name.as_str()),
            ("icon", "work"),
            // As somebody who has seen everything: nobody else edits this page.
            ("revision", "1000000000"),
            ("tab", &self.name),
            ("edit", &name),
        ];
        let path = format!("/pages/{}", self.page);
        match self.guest.post(url, &path, &fields).await {
            Ok(answer) => {
                assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{name}");
                self.acknowledged = number;
                true
            }
            Err(_) => false,
        }
    }
}
