//! What a form about the board sends along.

use std::collections::BTreeMap;

use voordeur_store::{Direction, Submission, short_id};

/// The longest name of a tab that is remembered.
const LONGEST_TAB: usize = 32;

/// The fields of a form, as they came.
#[derive(Debug, Default)]
pub struct Sent {
    fields: Vec<(String, String)>,
    /// The revision of the board that the citizen saw.
    pub revision: i64,
    tab: String,
    key: String,
}

impl Sent {
    /// Reads what every form has.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut sent = Sent { fields, ..Sent::default() };
        sent.revision = sent.told("revision").and_then(|it| it.parse().ok()).unwrap_or_default();
        sent.key = sent.told("edit").unwrap_or_default().to_owned();
        let plain = |tab: &&str| {
            tab.len() <= LONGEST_TAB && tab.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        sent.tab = sent.told("tab").filter(plain).unwrap_or_default().to_owned();
        sent
    }

    /// The value of a field; nothing when it is empty or not there.
    pub fn told(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    /// The fields whose names begin so, without that beginning.
    pub fn with_prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        let field = |(name, value): &(String, String)| {
            Some((name.strip_prefix(prefix)?.to_owned(), value.clone()))
        };
        self.fields.iter().filter_map(field).collect()
    }

    /// The same fields for a form that asks again, by somebody who saw the board at this revision.
    pub fn again(&self, revision: i64) -> Vec<(String, String)> {
        let new = [("revision", revision.to_string()), ("edit", short_id())];
        let new = new.map(|(name, value)| (name.to_owned(), value));
        let same = |name: &str| !matches!(name, "revision" | "edit" | "tab" | "settles");
        new.into_iter().chain(self.fields.iter().filter(|(name, _)| same(name)).cloned()).collect()
    }

    /// How it comes to the store.
    pub fn submission(&self) -> Submission<'_> {
        Submission { base_revision: self.revision, tab: &self.tab, key: &self.key }
    }

    /// Whether the board is being arranged.
    pub fn editing(&self) -> bool {
        self.told("editing").is_some()
    }

    /// The page that was shown.
    pub fn page(&self) -> Option<&str> {
        self.told("page")
    }

    /// Which way a card or page goes.
    pub fn direction(&self) -> Option<Direction> {
        Direction::from_id(self.told("direction")?)
    }

    /// The columns that a card shall have.
    pub fn size(&self) -> Option<u8> {
        self.told("size")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sent::of(fields.iter().map(owned).collect())
    }

    #[test]
    fn what_cannot_be_read_is_as_if_it_were_not_there() {
        let sent = sent(&[("revision", "x"), ("size", "many"), ("direction", ""), ("tab", "<b>")]);
        assert_eq!(sent.revision, 0);
        assert_eq!((sent.size(), sent.direction()), (None, None));
        assert_eq!(sent.submission().tab, "");
    }

    #[test]
    fn a_form_that_asks_again_is_another_submission_of_the_same() {
        let sent = sent(&[("edit", "k"), ("revision", "3"), ("tab", "t"), ("size", "6")]);
        let again = sent.again(9);
        assert!(again.contains(&("size".to_owned(), "6".to_owned())));
        assert!(again.contains(&("revision".to_owned(), "9".to_owned())));
        assert!(!again.iter().any(|(name, value)| name == "tab" || value == "k"));
    }
}
