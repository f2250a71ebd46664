use std::collections::BTreeMap;
use std::fmt;

/// The keys of services, by the environment variable that holds each. What they say is never printed.
#[derive(Clone, Default)]
pub struct Keys(BTreeMap<String, String>);

impl Keys {
    /// The keys with these variables, as far as the environment holds them.
    pub fn from_environment<'a>(variables: impl Iterator<Item = &'a str>) -> Self {
        variables
            .filter_map(|variable| Some((variable.to_owned(), std::env::var(variable).ok()?)))
            .collect()
    }

    /// What the key in a variable says.
    pub(super) fn get(&self, variable: &str) -> Option<&str> {
        self.0.get(variable).map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Keys {
    /// An empty key is none.
    fn from_iter<T: IntoIterator<Item = (String, String)>>(keys: T) -> Self {
        Keys(keys.into_iter().filter(|(_, key)| !key.trim().is_empty()).collect())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
