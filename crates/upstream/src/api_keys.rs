use std::collections::BTreeMap;
use std::fmt;

use voordeur_widget_api::ApiKey;

/// API keys of services, by the environment variable that holds each. `Debug` prints the names
/// only.
#[derive(Clone, Default)]
pub struct ApiKeys(BTreeMap<String, String>);

impl ApiKeys {
    /// Every key in the environment, including those of widgets that are added later.
    pub fn from_environment() -> Self {
        // `std::env::vars` panics on a variable that is not UTF-8, whoever set it.
        let texts = std::env::vars_os().filter_map(|(variable, key)| {
            Some((variable.into_string().ok()?, key.into_string().ok()?))
        });
        texts.filter(|(variable, _)| variable.starts_with(ApiKey::PREFIX)).collect()
    }

    pub(super) fn get(&self, variable: &str) -> Option<&str> {
        self.0.get(variable).map(String::as_str)
    }
}

impl FromIterator<(String, String)> for ApiKeys {
    /// Drops empty keys.
    fn from_iter<T: IntoIterator<Item = (String, String)>>(keys: T) -> Self {
        ApiKeys(keys.into_iter().filter(|(_, key)| !key.trim().is_empty()).collect())
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
