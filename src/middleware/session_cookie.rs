//! The session cookie of a guest.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use voordeur_store::{GUEST_RETENTION, Token};

/// The cookie's name over plain HTTP, as on a developer's machine.
const HTTP_NAME: &str = "voordeur";
/// The cookie's name over HTTPS. Browsers accept the prefix `__Host-` only from this very host,
/// over HTTPS and for all paths (RFC 6265bis, section 4.1.3.2), so neither another host of the
/// same site nor a network can plant one.
const HTTPS_NAME: &str = "__Host-voordeur";

/// Reads and writes the session cookie.
pub struct SessionCookie {
    https: bool,
}

impl SessionCookie {
    /// The cookie of a server that browsers reach by HTTPS, or by plain HTTP.
    pub fn new(https: bool) -> Self {
        SessionCookie { https }
    }

    fn name(&self) -> &'static str {
        if self.https { HTTPS_NAME } else { HTTP_NAME }
    }

    /// The token in a request's cookie. Over HTTPS the plain name is ignored: another host of the
    /// domain, or a network before the switch to HTTPS, could have planted its own board there for
    /// a citizen to fill in.
    pub fn token(&self, headers: &HeaderMap) -> Option<Token> {
        Token::from_cookie(CookieJar::from_headers(headers).get(self.name())?.value())
    }

    /// A cookie with this token. It lasts as long as the board is retained, counted from the last
    /// visit.
    pub fn with_token(&self, token: &Token) -> Cookie<'static> {
        Cookie::build((self.name(), token.secret().to_owned()))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(GUEST_RETENTION.as_secs()))
            .build()
    }

    /// The request's own cookie with a new expiry, so that it expires only after the last visit.
    pub fn renewed(&self, headers: &HeaderMap) -> Option<Cookie<'static>> {
        self.token(headers).map(|token| self.with_token(&token))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header::COOKIE};

    use super::*;

    fn headers_with(name: &str, token: &Token) -> HeaderMap {
        let cookie = format!("other=1; {name}={}", token.secret());
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&cookie).expect("a header"))])
    }

    #[test]
    fn https_has_its_own_cookie_name_and_ignores_the_other() {
        let (plain, https) = (SessionCookie::new(false), SessionCookie::new(true));
        let token = Token::random();
        let secret = token.secret();
        let (old, new) = (headers_with(HTTP_NAME, &token), headers_with(HTTPS_NAME, &token));
        let renewed = |session_cookie: &SessionCookie, headers: &HeaderMap| {
            session_cookie.renewed(headers).map(|cookie| cookie.to_string())
        };
        assert_eq!(renewed(&plain, &HeaderMap::new()), None);
        assert_eq!(
            renewed(&plain, &old),
            Some(format!("voordeur={secret}; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000"))
        );
        assert_eq!(
            renewed(&https, &new),
            Some(format!(
                "__Host-voordeur={secret}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=7776000"
            ))
        );
        assert_eq!((renewed(&plain, &new), renewed(&https, &old)), (None, None));
    }
}
