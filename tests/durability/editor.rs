//! A guest who edits a board without a browser, and counts the edits that were acknowledged.

use voordeur_testkit::{HttpClient, HttpError, HttpResponse};

/// A guest, known by the cookie that the client sends.
#[derive(Clone)]
pub struct GuestClient {
    pub client: HttpClient,
}

impl GuestClient {
    /// A new guest, who chooses Dutch.
    pub async fn arrive(url: &str) -> Self {
        let client = HttpClient::new();
        let response = client.post(&format!("{url}/language"), &[("language", "nl")]).await;
        let response = response.expect("a response");
        assert_eq!(response.status, 303);
        let cookie = response.cookie().expect("a cookie");
        GuestClient { client: client.with_header("cookie", cookie) }
    }

    /// Posts a form.
    pub async fn post(
        &self,
        url: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<HttpResponse, HttpError> {
        self.client.post(&format!("{url}{path}"), fields).await
    }

    /// Gets a page: its status and its text.
    pub async fn get(&self, url: &str, path: &str) -> (u16, String) {
        let response = self.client.get(&format!("{url}{path}")).await.expect("a response");
        (response.status, response.text)
    }

    /// Adds a page. Returns its id.
    pub async fn add_page(&self, url: &str, name: &str) -> String {
        let response = self.post(url, "/pages", &[("name", name), ("icon", "work")]).await;
        let response = response.expect("a response");
        assert_eq!(response.status, 303);
        response.location_query("page").expect("the id of the page").to_owned()
    }
}

/// A browser tab that renames a page of its own again and again: `NAME-1`, `NAME-2` and so on.
pub struct Editor {
    pub guest: GuestClient,
    /// The first part of the names that it gives.
    pub name: String,
    /// The id of the page.
    pub page: String,
    /// The number of renames that were acknowledged.
    pub acknowledged: u64,
}

impl Editor {
    /// Sends the next rename with its idempotency key, the same key at each attempt. Returns
    /// whether it was acknowledged.
    pub async fn edit(&mut self, url: &str) -> bool {
        let number = self.acknowledged + 1;
        let name = format!("{}-{number}", self.name);
        let fields = [
            ("name", name.as_str()),
            ("icon", "work"),
            // Later than every revision: no other tab edits this page.
            ("revision", "1000000000"),
            ("tab", &self.name),
            ("edit", &name),
        ];
        let path = format!("/pages/{}", self.page);
        match self.guest.post(url, &path, &fields).await {
            Ok(response) => {
                assert_eq!(response.status, 303, "{name}");
                self.acknowledged = number;
                true
            }
            Err(_) => false,
        }
    }
}
