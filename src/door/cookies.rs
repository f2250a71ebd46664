//! The cookie of a guest.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::store::{GUESTS_KEPT, Token};

/// Its name where pages come by plain HTTP, as on the machine of whoever tries Voordeur out.
const PLAIN: &str = "voordeur";
/// Its name where they come by HTTPS. Browsers take a cookie that is named so only from this very host, over HTTPS, for all of its paths
/// (RFC 6265bis, section 4.1.3.2), so that neither another host of the same site nor a network can put one in its place.
const OWN_HOST: &str = "__Host-voordeur";

/// How guests are known again.
pub struct Cookies {
    https: bool,
}

impl Cookies {
    /// Where pages come by HTTPS, or do not.
    pub fn new(https: bool) -> Self {
        Cookies { https }
    }

    fn name(&self) -> &'static str {
        if self.https { OWN_HOST } else { PLAIN }
    }

    /// The token that a request carries. Who got a cookie before there was HTTPS still has the plain one.
    pub fn token(&self, headers: &HeaderMap) -> Option<Token> {
        let jar = CookieJar::from_headers(headers);
        read(&jar, self.name()).or_else(|| self.outgrown(&jar))
    }

    /// A cookie that holds a token. It lasts as long as the board is kept, counted from the last visit.
    pub fn holding(&self, token: &Token) -> Cookie<'static> {
        Cookie::build((self.name(), token.secret().to_owned()))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(GUESTS_KEPT.as_secs()))
            .build()
    }

    /// The cookies for whoever comes with one: the same again, so that it ends only when they stay away. Who comes with the plain one gets it
    /// under the name for HTTPS, and the plain one is taken away.
    pub fn renewed(&self, headers: &HeaderMap) -> Vec<Cookie<'static>> {
        let jar = CookieJar::from_headers(headers);
        if let Some(token) = read(&jar, self.name()) {
            return vec![self.holding(&token)];
        }
        let Some(token) = self.outgrown(&jar) else { return Vec::new() };
        let gone = Cookie::build((PLAIN, ""))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::ZERO)
            .build();
        vec![self.holding(&token), gone]
    }

    fn outgrown(&self, jar: &CookieJar) -> Option<Token> {
        self.https.then(|| read(jar, PLAIN)).flatten()
    }
}

fn read(jar: &CookieJar, name: &str) -> Option<Token> {
    Token::from_cookie(jar.get(name)?.value())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header::COOKIE};

    use super::*;

    fn carrying(name: &str, token: &Token) -> HeaderMap {
        let cookie = format!("other=1; {name}={}", token.secret());
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&cookie).expect("a header"))])
    }

    #[test]
    fn https_has_a_name_of_its_own_and_takes_the_plain_one_over() {
        let (plain, https) = (Cookies::new(false), Cookies::new(true));
        let token = Token::random();
        let (old, new) = (carrying(PLAIN, &token), carrying(OWN_HOST, &token));
        assert!(plain.token(&old).is_some() && plain.token(&new).is_none());
        assert!(https.token(&old).is_some() && https.token(&new).is_some());
        let told = |cookies: Vec<Cookie<'_>>| -> Vec<String> {
            cookies.iter().map(ToString::to_string).collect()
        };
        assert!(plain.renewed(&HeaderMap::new()).is_empty());
        assert_eq!(told(plain.renewed(&old)).len(), 1);
        assert_eq!(told(https.renewed(&new)).len(), 1);
        let moved = told(https.renewed(&old));
        let secret = token.secret();
        assert_eq!(
            moved,
            [
                format!(
                    "__Host-voordeur={secret}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=7776000"
                ),
                "voordeur=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0".to_owned(),
            ]
        );
    }
}
