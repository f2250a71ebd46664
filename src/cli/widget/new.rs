//! `voordeur widget new`: the folder of a new widget, from a response of its service or blank.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use url::Url;
use voordeur_engine::MAX_SAMPLE_BYTES;
use voordeur_engine::scaffold::{blank, from_response};
use voordeur_widget_api::{Format, Method, Request};

use super::{CliError, parse_service_source};
use crate::widget_folder::CATALOGUE;
use voordeur_upstream::{ApiKeys, FetchError, Fetcher, Policy, Source};

/// In characters; ids are part of addresses and forms.
const MAX_ID_LENGTH: usize = 40;

/// Options of `voordeur widget new`.
#[derive(Clone, Debug, Args)]
pub struct NewOptions {
    /// The name of the folder, which is the widget's id: lower-case letters, digits and hyphens.
    pub name: String,
    /// A response of the service: a file, or the `https` address that gives it. Without it the
    /// folder holds a small widget to fill in.
    #[arg(long, value_name = "FILE-OR-URL")]
    pub from: Option<String>,
    /// The address that gave the response, when `--from` is a file.
    #[arg(long, requires = "from")]
    pub url: Option<String>,
    /// The folder of widgets in which the new one is created.
    #[arg(long, value_name = "DIR", default_value = CATALOGUE)]
    pub into: PathBuf,
    /// Where a request to `--from` goes: `live`, or `gateway=URL` (loopback only, for tests).
    #[arg(long, default_value = "live", value_parser = parse_service_source)]
    pub sources: Source,
    /// How a service can reach you: an e-mail address or a web page.
    #[arg(long, env = "VOORDEUR_CONTACT")]
    pub contact: Option<String>,
}

/// Creates the folder of a new widget.
pub async fn start(options: &NewOptions) -> Result<String, CliError> {
    let NewOptions { name, from, url, into, .. } = options;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > MAX_ID_LENGTH || !name.chars().all(fits) {
        return Err(CliError::Usage(format!(
            "NAME `{name}`: must be lower-case letters, digits and hyphens, at most {MAX_ID_LENGTH}"
        )));
    }
    let folder = into.join(name);
    let argument = format!("--into {}", folder.display());
    let of_folder = |error: std::io::Error| CliError::unusable(argument.clone())(error);
    // Checked before a service is asked in vain.
    if folder.exists() {
        return Err(CliError::Usage(format!("{argument}: it exists already")));
    }
    let now = Timestamp::now();
    let (files, next) = match from {
        None => (
            blank(now),
            "fill in the address, the block that shows the response, and what is marked TODO",
        ),
        Some(from) => {
            let (url, body) = response(from, url.as_deref(), options).await?;
            let arguments = format!("--from {from} --url {url}");
            let files = from_response(&url, &body, now).map_err(CliError::failed(arguments))?;
            (
                files,
                "write what is marked TODO, and write samples of your own in place of the response",
            )
        }
    };

    fs::create_dir_all(into).map_err(of_folder)?;
    // Fails when it exists: no file is overwritten.
    fs::create_dir(&folder).map_err(of_folder)?;
    fs::create_dir(folder.join("samples")).map_err(of_folder)?;
    let mut output = format!("Created {}:\n", folder.display());
    for (path, content) in &files {
        fs::write(folder.join(path), content).map_err(of_folder)?;
        output.push_str(&format!("  {path}\n"));
    }
    let widgets = if *into == Path::new(CATALOGUE) {
        String::new()
    } else {
        format!(" --widgets {}", into.display())
    };
    output.push_str(&format!(
        "Next: {next}.\n\
         `voordeur widget preview {name}{widgets}` shows it while you write, `voordeur widget check {name}{widgets}` says what is still wrong, \
         and with `--store` stores what the samples show; `voordeur widget try {name}{widgets}` asks the service."
    ));
    Ok(output)
}

/// The response, and the address that gives it.
async fn response(
    from: &str,
    url: Option<&str>,
    options: &NewOptions,
) -> Result<(String, Vec<u8>), CliError> {
    if from.starts_with("https://") || from.starts_with("http://") {
        let body = fetch(from, options).await?;
        return Ok((url.unwrap_or(from).to_owned(), body));
    }
    let of_file = |error: std::io::Error| CliError::unusable(format!("--from {from}"))(error);
    let length = fs::metadata(from).map_err(of_file)?.len();
    if usize::try_from(length).map_or(true, |length| length > MAX_SAMPLE_BYTES) {
        return Err(CliError::Usage(format!(
            "--from {from}: larger than {MAX_SAMPLE_BYTES} bytes"
        )));
    }
    let url = url.ok_or_else(|| {
        CliError::Usage(
            "--url: say which address gave the response, or give that to --from".to_owned(),
        )
    })?;
    Ok((url.to_owned(), fs::read(from).map_err(of_file)?))
}

/// Asks an address once, with the limits of upstream.
async fn fetch(from: &str, options: &NewOptions) -> Result<Vec<u8>, CliError> {
    let usage = |what: &str| CliError::Usage(format!("--from {from}: {what}"));
    let url = Url::parse(from).map_err(CliError::unusable(format!("--from {from}")))?;
    let host = url
        .domain()
        .filter(|_| url.scheme() == "https" && url.port().is_none())
        .ok_or_else(|| usage("must be `https://HOST/…`, with a name and without a port"))?;
    let request = Request {
        widget: options.name.clone(),
        id: "response".to_owned(),
        nth: 0,
        method: Method::Get,
        url: url.to_string(),
        headers: Vec::new(),
        body: None,
        // The format is guessed from the bytes.
        format: Format::Json,
        max_age: Duration::ZERO,
        max_bytes: MAX_SAMPLE_BYTES,
        if_empty: None,
        stale_key: None,
        optional: false,
        user_supplied_url: false,
        key: None,
        personal: false,
    };
    let fetcher = Fetcher::new(&options.sources, options.contact.as_deref(), ApiKeys::default())
        .map_err(CliError::failed("cannot create the HTTP client"))?;
    let hosts = [host.to_owned()];
    match fetcher.fetch_uncached(&hosts, &request, Policy::default().flight_timeout).await {
        Ok(body) => Ok(body.bytes),
        Err(FetchError::HostNotAllowed) => Err(CliError::Widget {
            output: String::new(),
            message: format!("--from {from}: redirects to another host: give the address there"),
        }),
        Err(error) => Err(CliError::failed(format!("--from {from}"))(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("voordeur-{name}-{}", std::process::id()));
        // It exists only when an earlier run was cut off.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn options(name: &str, from: Option<&Path>, url: Option<&str>, into: &Path) -> NewOptions {
        NewOptions {
            name: name.to_owned(),
            from: from.map(|path| path.display().to_string()),
            url: url.map(str::to_owned),
            into: into.to_owned(),
            sources: Source::Live,
            contact: None,
        }
    }

    fn usage(result: Result<String, CliError>) -> String {
        match result {
            Err(error) if error.exit_code() == 2 => error.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_folder_is_created_once_and_never_overwritten() {
        let folder = folder("new-widget");
        let response = folder.join("response.json");
        let events = r#"{"events": [{"title": "Fair", "date": "2026-12-01"}, {"title": "Market", "date": "2026-12-02"}]}"#;
        fs::write(&response, events).expect("written");
        let url = Some("https://town.example/events.json");
        let options = options("town-events", Some(&response), url, &folder);
        let output = start(&options).await.expect("a folder");
        assert!(output.contains("widget.toml"), "{output}");
        assert!(output.contains("samples/normal.json"), "{output}");
        let manifest = fs::read_to_string(folder.join("town-events/widget.toml"));
        let manifest = manifest.expect("a manifest");
        assert!(manifest.contains("TODO") && manifest.contains("town.example"), "{manifest}");
        let again = usage(start(&options).await);
        assert!(again.starts_with("--into "), "{again}");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[tokio::test]
    async fn a_blank_folder_is_a_widget_already() {
        let folder = folder("new-blank");
        start(&options("blank", None, None, &folder)).await.expect("a folder");
        let loaded = crate::widget_folder::load("blank", Some(&folder));
        assert!(loaded.is_ok_and(|loaded| loaded.manifest.is_some()));
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[tokio::test]
    async fn an_error_names_its_argument() {
        let folder = folder("new-mistakes");
        let response = folder.join("response.txt");
        fs::write(&response, "no response").expect("written");
        let url = Some("https://a.example/x");
        let wrong_name = usage(start(&options("../up", Some(&response), url, &folder)).await);
        assert!(wrong_name.starts_with("NAME `../up`"), "{wrong_name}");
        let absent = folder.join("absent");
        let no_file = usage(start(&options("a", Some(&absent), url, &folder)).await);
        assert!(no_file.starts_with("--from "), "{no_file}");
        let no_url = usage(start(&options("a", Some(&response), None, &folder)).await);
        assert!(no_url.starts_with("--url"), "{no_url}");
        for address in ["http://a.example/", "https://127.0.0.1/", "https://a.example:8443/"] {
            let wrong = usage(start(&options("a", Some(Path::new(address)), None, &folder)).await);
            assert!(wrong.contains("must be `https://HOST/"), "{wrong}");
        }
        match start(&options("a", Some(&response), url, &folder)).await {
            Err(error @ CliError::Failed { .. }) => {
                assert!(error.to_string().contains("cannot be read"), "{error}");
            }
            other => panic!("{other:?}"),
        }
        assert!(!folder.join("a").exists());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
