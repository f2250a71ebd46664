//! A submitted form about the board.

use std::collections::BTreeMap;

use voordeur_store::{Direction, Submission, short_id};
use voordeur_widget_api::CardWidth;

/// Maximum length of a tab's id, in bytes.
const LONGEST_TAB: usize = 32;

/// The fields of the form, in order.
#[derive(Debug, Default)]
pub struct SubmittedForm {
    fields: Vec<(String, String)>,
    /// The revision of the board that the citizen saw.
    pub revision: i64,
    tab: String,
    key: String,
}

impl SubmittedForm {
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut form = SubmittedForm { fields, ..SubmittedForm::default() };
        form.revision = form.value("revision").and_then(|it| it.parse().ok()).unwrap_or_default();
        form.key = form.value("edit").unwrap_or_default().to_owned();
        let plain = |tab: &&str| {
            tab.len() <= LONGEST_TAB && tab.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        form.tab = form.value("tab").filter(plain).unwrap_or_default().to_owned();
        form
    }

    /// The value of a field; `None` when it is empty or absent.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    /// The values of all fields with this name that are not empty.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let of_name = self.fields.iter().filter(move |(known, _)| known == name);
        of_name.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The fields whose names have this prefix, with the prefix removed.
    pub fn with_prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        let field = |(name, value): &(String, String)| {
            Some((name.strip_prefix(prefix)?.to_owned(), value.clone()))
        };
        self.fields.iter().filter_map(field).collect()
    }

    /// The same fields for a form that submits the edit again, based on this revision.
    pub fn again(&self, revision: i64) -> Vec<(String, String)> {
        let new = [("revision", revision.to_string()), ("edit", short_id())];
        let new = new.map(|(name, value)| (name.to_owned(), value));
        let same = |name: &str| !matches!(name, "revision" | "edit" | "tab" | "settles");
        new.into_iter().chain(self.fields.iter().filter(|(name, _)| same(name)).cloned()).collect()
    }

    /// The submission, for the store.
    pub fn submission(&self) -> Submission<'_> {
        Submission { base_revision: self.revision, tab: &self.tab, key: &self.key }
    }

    /// Whether the board is being arranged.
    pub fn editing(&self) -> bool {
        self.value("editing").is_some()
    }

    /// The id of the page that was shown.
    pub fn page(&self) -> Option<&str> {
        self.value("page")
    }

    pub fn direction(&self) -> Option<Direction> {
        Direction::from_id(self.value("direction")?)
    }

    /// The width of a card. A page of an earlier version sends a number of columns.
    pub fn size(&self) -> Option<CardWidth> {
        CardWidth::from_form(self.value("size")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> SubmittedForm {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        SubmittedForm::of(fields.iter().map(owned).collect())
    }

    #[test]
    fn invalid_fields_count_as_absent() {
        let form = form(&[("revision", "x"), ("size", "many"), ("direction", ""), ("tab", "<b>")]);
        assert_eq!(form.revision, 0);
        assert_eq!((form.size(), form.direction()), (None, None));
        assert_eq!(form.submission().tab, "");
    }

    #[test]
    fn a_repeated_form_is_a_new_submission_with_the_same_fields() {
        let form = form(&[("edit", "k"), ("revision", "3"), ("tab", "t"), ("size", "6")]);
        let again = form.again(9);
        assert!(again.contains(&("size".to_owned(), "6".to_owned())));
        assert!(again.contains(&("revision".to_owned(), "9".to_owned())));
        assert!(!again.iter().any(|(name, value)| name == "tab" || value == "k"));
    }
}
