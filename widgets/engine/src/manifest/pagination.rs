//! Answers that come in pages: which page is asked next, and how the pages become one answer.

use std::sync::Arc;

use cel::Value;
use serde_json::Value as Tree;
use url::Url;
use voordeur_widget_api::{Manifest, Refusal, Response};

use super::cel_values;
use super::expression::{Expression, Scope};

/// How a request goes on after its first page.
pub struct Pagination {
    /// Where the list of a page stands, as a JSON pointer.
    pub list: String,
    /// How the next page is asked.
    pub next_page: NextPage,
    /// No more pages than this are asked.
    pub max_pages: usize,
    /// With this many things it is enough.
    pub max_items: usize,
}

/// How the next page is asked.
pub enum NextPage {
    /// At the address that the page before gives; `page` is that page.
    Link(Expression),
    /// By a number in the query. The first page is asked without it.
    Counter {
        /// The name in the query.
        name: String,
        /// What the first page would have.
        first: usize,
        /// By how much it grows with each page.
        step: usize,
        /// How many things a full page has, where that is known: one with fewer is the last.
        page_size: Option<usize>,
    },
}

impl Pagination {
    /// Whether there is a page after these, as far as they tell.
    fn has_next(&self, request: &str, pages: &[Response]) -> Result<bool, Refusal> {
        let Some((last, before)) = pages.split_last() else { return Ok(false) };
        let items = match last.tree.pointer(&self.list) {
            None | Some(Tree::Null) => return Ok(false),
            Some(Tree::Array(items)) => items.len(),
            // What is wrong with a first page is said by whatever reads it.
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
        let all: usize = pages.iter().filter_map(list).sum();
        let more = pages.len() < self.max_pages && all < self.max_items;
        Ok(is_full && more && !repeats(before, last))
    }

    /// The address of the page after these, when there is one. `first` is that of the first page.
    pub fn next(
        &self,
        request: &str,
        first: &Url,
        pages: &[Response],
        scope: &Scope<'_>,
        manifest: &Manifest,
        key_in_query: Option<&str>,
    ) -> Result<Option<Url>, Refusal> {
        if !self.has_next(request, pages)? {
            return Ok(None);
        }
        match &self.next_page {
            NextPage::Counter { name, first: start, step, .. } => {
                let mut url = first.clone();
                let number = start + step * pages.len();
                replace_in_query(&mut url, name, Some(&number.to_string()));
                Ok(Some(url))
            }
            NextPage::Link(expression) => {
                let mut visited = vec![first.clone()];
                for page in pages {
                    let here = visited.last().unwrap_or(first);
                    let page = scope.with_variable("page", cel_values::from_json(&page.tree));
                    let link = match expression.value(&page)? {
                        Value::Null => return Ok(None),
                        Value::String(link) if link.trim().is_empty() => return Ok(None),
                        Value::String(link) => link,
                        _ => return Err(expression.refuse("should be an address or `null`")),
                    };
                    let mut next = follow(here, link.trim(), manifest)
                        .map_err(|reason| expression.refuse(reason))?;
                    if let Some(key) = key_in_query {
                        // Some services repeat the key in their links; the hub adds it again.
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

    /// The pages as one answer: the first, with the lists of all in the place of its own.
    pub fn joined(&self, pages: &[Response]) -> Arc<Tree> {
        let pages = distinct(pages);
        let Some((first, later)) = pages.split_first() else { return Arc::new(Tree::Null) };
        if later.is_empty() {
            return Arc::clone(&first.tree);
        }
        let mut merged = first.tree.as_ref().clone();
        if let Some(Tree::Array(items)) = merged.pointer_mut(&self.list) {
            for page in later {
                if let Some(Tree::Array(more)) = page.tree.pointer(&self.list) {
                    items.extend(more.iter().cloned());
                }
            }
        }
        Arc::new(merged)
    }
}

/// The JSON pointer of a path as `at` takes it: keys and numbers with dots between; empty for the answer itself.
pub fn pointer(path: &str) -> String {
    let steps = path.split('.').filter(|step| !step.is_empty());
    steps.map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The pages up to the first that repeats the one before.
pub fn distinct(pages: &[Response]) -> &[Response] {
    let end = (1..pages.len()).find(|at| repeats(&pages[..*at], &pages[*at]));
    &pages[..end.unwrap_or(pages.len())]
}

/// Whether a page says the same as the one before: a service that does not know pages gives the first again and again.
fn repeats(before: &[Response], page: &Response) -> bool {
    before.last().is_some_and(|before| before.tree == page.tree)
}

/// The address that a link on a page leads to. It stays on the hosts that may be asked.
fn follow(here: &Url, link: &str, manifest: &Manifest) -> Result<Url, String> {
    let mut next = here.join(link).map_err(|error| format!("is no address: {error}"))?;
    // Services behind a proxy often know themselves by `http` only.
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

/// Gives a name in the query a value, or takes it out.
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
    Refusal::UnexpectedAnswer { at: format!("request `{request}`.pages"), reason }
}

#[cfg(test)]
mod tests;
