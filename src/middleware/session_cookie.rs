//! The session cookie of a guest.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum_extra::extract::cookie::{Cookie, SameSite};

use voordeur_store::{GUEST_RETENTION, Token};

/// The cookie's name over plain HTTP, as on a developer's machine.
const HTTP_NAME: &str = "voordeur";
/// The cookie's name over HTTPS. Browsers accept the prefix `__Host-` only from this very host,
/// over HTTPS and for all paths (RFC 6265bis, section 4.1.3.2), so neither another host of the
/// same site nor a network can plant one.
const HTTPS_NAME: &str = "__Host-voordeur";
/// The most tokens of one request that are looked up. A browser sends one for each domain and path
/// that has a cookie of our name.
const MAX_TOKENS: usize = 16;

/// Reads and writes the session cookie.
pub struct SessionCookie {
    https: bool,
}

/// The token of a request that belongs to a citizen, in the request's extensions; empty until the
/// session was loaded.
#[derive(Clone, Default)]
pub struct KnownToken(Arc<OnceLock<Token>>);

impl KnownToken {
    /// Notes the token that belongs to a citizen.
    pub fn set(&self, token: Token) {
        // A second session of the same request knows the same citizen.
        let _ = self.0.set(token);
    }

    fn get(&self) -> Option<&Token> {
        self.0.get()
    }
}

impl SessionCookie {
    /// The cookie of a server that browsers reach by HTTPS, or by plain HTTP.
    pub fn new(https: bool) -> Self {
        SessionCookie { https }
    }

    fn name(&self) -> &'static str {
        if self.https { HTTPS_NAME } else { HTTP_NAME }
    }

    /// The different tokens in a request's cookies of our name, in order. Over HTTPS the plain name
    /// is ignored: another host of the domain, or a network before the switch to HTTPS, could have
    /// planted its own board there for a citizen to fill in.
    ///
    /// The headers are read as bytes. Cookies of other hosts of the domain are beside ours, with
    /// any name, value and encoding, and must not cost a citizen the board.
    pub fn tokens(&self, headers: &HeaderMap) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let pairs = headers.get_all(COOKIE).iter();
        for pair in pairs.flat_map(|header| header.as_bytes().split(|byte| *byte == b';')) {
            if let Some(token) = self.token_of(pair).filter(|token| !tokens.contains(token)) {
                tokens.push(token);
                if tokens.len() == MAX_TOKENS {
                    break;
                }
            }
        }
        tokens
    }

    fn token_of(&self, pair: &[u8]) -> Option<Token> {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (pair.get(..equals)?, pair.get(equals.checked_add(1)?..)?);
        if name.trim_ascii() != self.name().as_bytes() {
            return None;
        }
        let value = value.trim_ascii();
        let unquoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        Token::from_cookie(std::str::from_utf8(unquoted.unwrap_or(value)).ok()?)
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

    /// A cookie that removes the one of the browser.
    pub fn expired(&self) -> Cookie<'static> {
        Cookie::build((self.name(), ""))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::ZERO)
            .build()
    }

    /// The request's own cookie with a new expiry, so that it expires only after the last visit.
    /// Of several tokens only the known one is renewed: a planted one must not replace it.
    pub fn renewed(&self, tokens: &[Token], known: &KnownToken) -> Option<Cookie<'static>> {
        let token = match (known.get(), tokens) {
            (Some(known), _) => known,
            (None, [only]) => only,
            (None, _) => return None,
        };
        Some(self.with_token(token))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header::COOKIE};

    use super::*;

    fn headers(cookies: &[&[u8]]) -> HeaderMap {
        let value = |bytes: &&[u8]| (COOKIE, HeaderValue::from_bytes(bytes).expect("a header"));
        let mut headers = HeaderMap::new();
        for (name, value) in cookies.iter().map(value) {
            headers.append(name, value);
        }
        headers
    }

    fn headers_with(name: &str, token: &Token) -> HeaderMap {
        headers(&[format!("other=1; {name}={}", token.secret()).as_bytes()])
    }

    fn secrets(cookies: &[&[u8]]) -> Vec<String> {
        let tokens = SessionCookie::new(false).tokens(&headers(cookies));
        tokens.iter().map(|token| token.secret().to_owned()).collect()
    }

    #[test]
    fn https_has_its_own_cookie_name_and_ignores_the_other() {
        let (plain, https) = (SessionCookie::new(false), SessionCookie::new(true));
        let token = Token::random();
        let secret = token.secret();
        let (old, new) = (headers_with(HTTP_NAME, &token), headers_with(HTTPS_NAME, &token));
        let renewed = |session_cookie: &SessionCookie, headers: &HeaderMap| {
            let tokens = session_cookie.tokens(headers);
            let cookie = session_cookie.renewed(&tokens, &KnownToken::default());
            cookie.map(|cookie| cookie.to_string())
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

    #[test]
    fn our_cookie_is_found_whatever_stands_beside_it() {
        let token = Token::random();
        let secret = token.secret();
        let ours = format!("voordeur={secret}");
        let hundred: String = (0..100).map(|number| format!("c{number}=\"{number}\"; ")).collect();
        let foreign: [&[u8]; 14] = [
            b"voorkeur=caf\xe9; ",
            "voorkeur=café; ".as_bytes(),
            "naam=Zoë\u{1f6b2}; \u{e9}=1; ".as_bytes(),
            b"\xff\xfe=\xfd; \x80; ",
            b"quoted=\"a b, c\"; ",
            b"half=\"open; ",
            b"; ;; =; =x; x; ",
            b"json={\"a\":[1,2],\"b\":\"x=y\"}; ",
            b"a=1,b=2; ",
            b"xvoordeur=1; voordeur2=2; Voordeur=3; __Host-voordeur=4; ",
            b"voordeur; ",
            b"voordeur=; voordeur==; voordeur=caf\xe9; ",
            b"voordeur=0123; voordeur=\"; voordeur=\"\"; ",
            hundred.as_bytes(),
        ];
        for other in foreign {
            let name = String::from_utf8_lossy(other);
            assert_eq!(secrets(&[&[other, ours.as_bytes()].concat()]), [secret], "before: {name}");
            let after = [ours.as_bytes(), b"; ", other].concat();
            assert_eq!(secrets(&[&after]), [secret], "after: {name}");
            assert_eq!(secrets(&[other, ours.as_bytes()]), [secret], "a header of its own: {name}");
            assert_eq!(secrets(&[ours.as_bytes(), other]), [secret], "the first header: {name}");
        }
        for ours in [
            format!("voordeur=\"{secret}\""),
            format!("  voordeur =  {secret}  "),
            format!("a=1;voordeur={secret};b=2"),
            format!("\tvoordeur={secret}\t"),
        ] {
            assert_eq!(secrets(&[ours.as_bytes()]), [secret], "{ours}");
        }
        for none in [
            format!("voordeur={secret}0"),
            format!("voordeur={}", &secret[1..]),
            format!("other={secret}"),
            format!("voordeur=x{secret}"),
            format!("voordeur={secret}%00"),
            secret.to_owned(),
        ] {
            assert!(secrets(&[none.as_bytes()]).is_empty(), "{none}");
        }
    }

    #[test]
    fn all_tokens_of_our_name_are_found_once_and_their_number_is_bounded() {
        let (one, two) = (Token::random(), Token::random());
        let (one, two) = (one.secret(), two.secret());
        let cookies = format!("voordeur={one}; voordeur=x; voordeur={two}; voordeur={one}");
        assert_eq!(secrets(&[cookies.as_bytes()]), [one, two]);
        let separate = [format!("voordeur={one}"), format!("voordeur={two}")];
        assert_eq!(secrets(&separate.each_ref().map(String::as_bytes)), [one, two]);
        let many: Vec<String> =
            (0..100).map(|_| format!("voordeur={}", Token::random().secret())).collect();
        assert_eq!(secrets(&[many.join("; ").as_bytes()]).len(), MAX_TOKENS);
    }

    #[test]
    fn of_several_tokens_only_the_known_one_is_renewed() {
        let cookie = SessionCookie::new(false);
        let (planted, own) = (Token::random(), Token::random());
        let tokens = [planted.clone(), own.clone()];
        let renewed = |known: &KnownToken| {
            cookie.renewed(&tokens, known).map(|cookie| cookie.value().to_owned())
        };
        let known = KnownToken::default();
        assert_eq!(renewed(&known), None);
        known.set(own.clone());
        assert_eq!(renewed(&known).as_deref(), Some(own.secret()));
        known.set(planted);
        assert_eq!(renewed(&known).as_deref(), Some(own.secret()));
    }
}
