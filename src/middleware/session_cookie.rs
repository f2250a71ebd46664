//! The cookie of a guest.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use voordeur_store::{GUEST_RETENTION, Token};

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

    /// The token that a request carries. Where pages come by HTTPS, the plain name counts for nothing: another host of the domain, or a network
    /// before there is HTTPS, could have put a board of theirs there for somebody to fill in.
    pub fn token(&self, headers: &HeaderMap) -> Option<Token> {
        Token::from_cookie(CookieJar::from_headers(headers).get(self.name())?.value())
    }

    /// A cookie that holds a token. It lasts as long as the board is kept, counted from the last visit.
    pub fn holding(&self, token: &Token) -> Cookie<'static> {
        Cookie::build((self.name(), token.secret().to_owned()))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(GUEST_RETENTION.as_secs()))
            .build()
    }

    /// The cookie for whoever comes with one: the same again, so that it ends only when they stay away.
    pub fn renewed(&self, headers: &HeaderMap) -> Option<Cookie<'static>> {
        self.token(headers).map(|token| self.holding(&token))
    }
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
    fn https_has_a_name_of_its_own_and_knows_no_other() {
        let (plain, https) = (Cookies::new(false), Cookies::new(true));
        let token = Token::random();
        let secret = token.secret();
        let (old, new) = (carrying(PLAIN, &token), carrying(OWN_HOST, &token));
        let told = |cookies: &Cookies, headers: &HeaderMap| {
            cookies.renewed(headers).map(|cookie| cookie.to_string())
        };
        assert_eq!(told(&plain, &HeaderMap::new()), None);
        assert_eq!(
            told(&plain, &old),
            Some(format!("voordeur={secret}; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000"))
        );
        assert_eq!(
            told(&https, &new),
            Some(format!(
                "__Host-voordeur={secret}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=7776000"
            ))
        );
        assert_eq!((told(&plain, &new), told(&https, &old)), (None, None));
    }
}
