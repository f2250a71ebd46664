//! Paged responses: which page is requested next, and how the pages are joined.

use std::sync::Arc;

use serde_json::Value as Tree;
use url::Url;
use voordeur_widget_api::{Budget, Exhausted, Manifest, Refusal, Response};

use super::expression::{Expression, Scope};
use super::values::{self, Value};

/// How the pages of a response are requested.
pub struct Pagination {
    /// JSON pointer to the list in a page.
    pub list: String,
    pub next_page: NextPage,
    pub max_pages: usize,
    /// No further page is requested once there are this many items.
    pub max_items: usize,
}

/// How the next page is requested.
pub enum NextPage {
    /// At the URL that this expression reads from the previous `page`.
    Link(Expression),
    /// By a query parameter with a number, absent for the first page.
    Counter {
        name: String,
        /// Value that the first page would have.
        first: usize,
        step: usize,
        /// Number of items of a full page, if known: a page with fewer items is the last.
        page_size: Option<usize>,
    },
}

impl Pagination {
    /// Whether a further page is expected.
    fn has_next(&self, request: &str, pages: &[Response]) -> Result<bool, Refusal> {
        let Some((last, before)) = pages.split_last() else { return Ok(false) };
        let items = match last.tree.pointer(&self.list) {
            None | Some(Tree::Null) => return Ok(false),
            Some(Tree::Array(items)) => items.len(),
            // A malformed first page is reported by the expression that reads it.
            Some(_) if before.is_empty() => return Ok(false),
            Some(_) => {
                let reason = format!("page {} has no list at its place", pages.len());
                return Err(refusal(request, reason));
            }
        };
        let is_full = match &self.next_page {
            NextPage::Counter { page_size: Some(page_size), .. } => items >= *page_size,
            _ => items > 0,
        };
        let list = |page: &Response| page.tree.pointer(&self.list)?.as_array().map(Vec::len);
        let all = pages.iter().filter_map(list).fold(0, usize::saturating_add);
        let more = pages.len() < self.max_pages && all < self.max_items;
        Ok(is_full && more && !repeats(before, last))
    }

    /// URL of the next page, if any. `first` is the URL of the first page.
    pub fn next<'v>(
        &self,
        request: &str,
        first: &Url,
        pages: &'v [Response],
        scope: &Scope<'_, 'v>,
        manifest: &Manifest,
        key_in_query: Option<&str>,
    ) -> Result<Option<Url>, Refusal> {
        if !self.has_next(request, pages)? {
            return Ok(None);
        }
        match &self.next_page {
            NextPage::Counter { name, first: start, step, .. } => {
                let mut url = first.clone();
                let number = start.saturating_add(step.saturating_mul(pages.len()));
                replace_in_query(&mut url, name, Some(&number.to_string()));
                Ok(Some(url))
            }
            NextPage::Link(expression) => {
                let mut visited = vec![first.clone()];
                for page in pages {
                    let here = visited.last().unwrap_or(first);
                    let page = scope.with_variable("page", Value::of_tree(&page.tree));
                    let link = match expression.value(&page)? {
                        Value::Null => return Ok(None),
                        Value::Text(link) if link.trim().is_empty() => return Ok(None),
                        Value::Text(link) => link,
                        _ => return Err(expression.refuse("should be an address or `null`")),
                    };
                    let mut next = follow(here, link.trim(), manifest)
                        .map_err(|reason| expression.refuse(reason))?;
                    if let Some(key) = key_in_query {
                        // Some services repeat the key in their links; upstream adds it again.
                        replace_in_query(&mut next, key, None);
                    }
                    if visited.contains(&next) {
                        return Ok(None);
                    }
                    visited.push(next);
                }
                Ok(visited.pop())
            }
        }
    }

    /// The first page with the joined lists of all pages; `None` when that is the first page
    /// itself.
    ///
    /// # Errors
    /// When the copy is beyond the budget.
    pub fn joined(&self, pages: &[Response], budget: &Budget) -> Result<Option<Tree>, Exhausted> {
        let pages = distinct(pages);
        let Some((first, later)) = pages.split_first() else { return Ok(None) };
        if later.is_empty() {
            return Ok(None);
        }
        values::charge_tree(&first.tree, budget)?;
        let mut merged = first.tree.as_ref().clone();
        if let Some(Tree::Array(items)) = merged.pointer_mut(&self.list) {
            for page in later {
                if let Some(Tree::Array(more)) = page.tree.pointer(&self.list) {
                    more.iter().try_for_each(|item| values::charge_tree(item, budget))?;
                    items.extend(more.iter().cloned());
                }
            }
        }
        Ok(Some(merged))
    }
}

/// JSON pointer of a path as `at` takes it: keys and indices separated by dots; empty for the root.
pub fn pointer(path: &str) -> String {
    let steps = path.split('.').filter(|step| !step.is_empty());
    steps.map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The pages up to the first that equals its predecessor.
pub fn distinct(pages: &[Response]) -> &[Response] {
    let end = (1..pages.len()).find(|at| repeats(&pages[..*at], &pages[*at]));
    &pages[..end.unwrap_or(pages.len())]
}

/// Whether a page equals the previous one: a service without paging returns the first page each
/// time.
fn repeats(before: &[Response], page: &Response) -> bool {
    before
        .last()
        .is_some_and(|before| Arc::ptr_eq(&before.tree, &page.tree) || before.tree == page.tree)
}

/// The URL that a link on a page refers to, restricted to the declared hosts.
fn follow(here: &Url, link: &str, manifest: &Manifest) -> Result<Url, String> {
    let mut next = here.join(link).map_err(|error| format!("is no address: {error}"))?;
    // Services behind a proxy often link to themselves with `http`.
    if here.scheme() == "https" && next.scheme() == "http" && next.set_scheme("https").is_err() {
        return Err("should be an `https` address".to_owned());
    }
    let host = next.host_str().unwrap_or_default();
    let known = Some(host) == here.host_str() || manifest.hosts.iter().any(|known| known == host);
    let plain = next.username().is_empty() && next.password().is_none();
    if !known || !plain || next.scheme() != here.scheme() || next.port() != here.port() {
        return Err("leads away from the hosts of the widget".to_owned());
    }
    next.set_fragment(None);
    Ok(next)
}

/// Sets or removes a query parameter.
fn replace_in_query(url: &mut Url, name: &str, value: Option<&str>) {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (known, value) in url.query_pairs().filter(|(known, _)| known != name) {
        query.append_pair(&known, &value);
    }
    if let Some(value) = value {
        query.append_pair(name, value);
    }
    let query = query.finish().replace('+', "%20");
    url.set_query((!query.is_empty()).then_some(&query));
}

fn refusal(request: &str, reason: String) -> Refusal {
    Refusal::UnexpectedResponse { at: format!("request `{request}`.pages"), reason }
}

#[cfg(test)]
mod tests;
