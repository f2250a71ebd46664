use std::collections::BTreeMap;
use std::fmt;

use voordeur_widget_api::ApiKey;

/// The keys of services, by the environment variable that holds each. What they say is never printed.
#[derive(Clone, Default)]
pub struct ApiKeys(BTreeMap<String, String>);

impl ApiKeys {
    /// Every key in the environment, also of widgets that come later.
    pub fn from_environment() -> Self {
        // A variable that is no text is none of ours, and must not end the server.
        let texts = std::env::vars_os().filter_map(|(variable, key)| {
            Some((variable.into_string().ok()?, key.into_string().ok()?))
        });
        texts.filter(|(variable, _)| variable.starts_with(ApiKey::PREFIX)).collect()
    }

    /// What the key in a variable says.
    pub(super) fn get(&self, variable: &str) -> Option<&str> {
        self.0.get(variable).map(String::as_str)
    }
}

impl FromIterator<(String, String)> for ApiKeys {
    /// An empty key is none.
    fn from_iter<T: IntoIterator<Item = (String, String)>>(keys: T) -> Self {
        ApiKeys(keys.into_iter().filter(|(_, key)| !key.trim().is_empty()).collect())
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
