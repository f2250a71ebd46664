//! JSON Feed 1 and 1.1, <https://www.jsonfeed.org/version/1.1/>.

use serde_json::{Map, Value};
use url::Url;
use voordeur_widget_api::Exhausted;

use super::super::{FormatError, json};
use super::links::{is_base, resolve};
use super::order::{self, Version};
use super::{MAX_CATEGORIES, MAX_READ_ITEMS, Reader, html, tree, written_date};

impl Reader<'_> {
    pub(super) fn of_json(self, text: &str) -> Result<Value, FormatError> {
        let feed = json::parse(text, self.budget).map_err(|error| {
            error.within(|message| FormatError::Feed(format!("JSON, but {message}")))
        })?;
        let version = feed["version"].as_str().unwrap_or_default();
        let Some(items) = feed["items"].as_array() else {
            return Err(FormatError::Feed("JSON without a list at `items`".to_owned()));
        };
        if !version.contains("jsonfeed.org") {
            return Err(FormatError::Feed(
                "JSON whose `version` does not name jsonfeed.org".to_owned(),
            ));
        }
        let Value::Object(feed) = &feed else {
            return Err(FormatError::Feed("JSON that is no object".to_owned()));
        };
        let page = member(feed, "home_page_url").and_then(|link| resolve(link, self.url));
        let base = self.url.or(page.as_ref()).filter(|base| is_base(base));
        let language = member(feed, "language");
        let mut versions = Vec::new();
        for item in items.iter().filter_map(Value::as_object).take(MAX_READ_ITEMS) {
            let date = |key: &str| member(item, key).and_then(written_date);
            let id = match item.get("id") {
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => member(item, "id").map(|id| tree::string(self.budget, id)).transpose()?,
            };
            let (published, updated) = (date("date_published"), date("date_modified"));
            let title = self.plain(member(item, "title"))?;
            let link =
                ["url", "external_url"].iter().find_map(|key| resolve(member(item, key)?, base));
            self.charge_link(link.as_ref())?;
            let version = Version { item, id, title, link, published, updated };
            tree::push(self.budget, &mut versions, version)?;
        }
        let mut list = Vec::new();
        for version in order::newest_first(versions, self.budget)? {
            let item = self.json_item(version, language)?;
            tree::push_value(self.budget, &mut list, item)?;
        }
        Ok(tree::object(
            self.budget,
            [
                ("title", self.plain(member(feed, "title"))?),
                ("link", tree::optional(self.budget, page.as_ref().map(Url::as_str))?),
                ("description", self.plain(member(feed, "description"))?),
                ("language", tree::optional(self.budget, language)?),
                ("updated", Value::Null),
                ("cut_off", false.into()),
                ("items", Value::Array(list)),
            ],
        )?)
    }

    fn json_item(
        self,
        version: Version<&Map<String, Value>>,
        language: Option<&str>,
    ) -> Result<Value, Exhausted> {
        let Version { item, id, title, link, published, updated } = version;
        let link = link.as_ref().map(Url::as_str);
        let id = match id {
            Some(id) => id.into(),
            None => tree::optional(self.budget, link)?,
        };
        let author = item
            .get("authors")
            .and_then(|authors| authors.get(0))
            .or_else(|| item.get("author"))
            .and_then(|author| author.get("name"))
            .and_then(Value::as_str);
        let mut categories = Vec::new();
        let tags = item.get("tags").and_then(Value::as_array).into_iter().flatten();
        for tag in tags.filter_map(Value::as_str).take(MAX_CATEGORIES) {
            let tag = self.plain(Some(tag))?;
            if !tag.is_null() {
                tree::push_value(self.budget, &mut categories, tag)?;
            }
        }
        let mut summary = self.plain(member(item, "summary").or(member(item, "content_text")))?;
        if let (Value::Null, Some(html)) = (&summary, member(item, "content_html")) {
            summary = html::charged_once(html, self.budget)?.into();
        }
        let language = member(item, "language").or(language);
        tree::object(
            self.budget,
            [
                ("id", id),
                ("title", title),
                ("link", tree::optional(self.budget, link)?),
                ("summary", summary),
                ("published", self.moment(published)?),
                ("updated", self.moment(updated)?),
                ("date", self.as_written(published.or(updated))?),
                ("language", tree::optional(self.budget, language)?),
                ("author", self.plain(author)?),
                ("categories", Value::Array(categories)),
            ],
        )
    }

    /// A plain text on one line, or null.
    fn plain(self, text: Option<&str>) -> Result<Value, Exhausted> {
        let Some(text) = text else { return Ok(Value::Null) };
        self.budget.charge_bytes(tree::string_bytes(text.len()))?;
        Ok(html::one_line(text).into())
    }
}

/// The text of a member that is not blank.
fn member<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}
