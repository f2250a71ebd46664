//! `voordeur widget new`: the folder of a new widget, from an answer of its service or blank.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use url::Url;
use voordeur_engine::scaffold::{blank, draft};
use voordeur_widget_api::{Format, Method, Request};

use super::{CliError, source_of_answers};
use crate::widget_folder::CATALOGUE;
use voordeur_upstream::{ApiKeys, FetchError, Fetcher, Policy, Source};

/// In characters; ids stand in addresses and forms.
const LONGEST_ID: usize = 40;
/// No answer larger than this is read, from a file or from a service: no manifest may allow more.
const LARGEST_ANSWER: usize = 16_000_000;

/// What `voordeur widget new` is told.
#[derive(Clone, Debug, Args)]
pub struct NewOptions {
    /// The name of the folder, which is the widget's id: lower-case letters, digits and hyphens.
    pub name: String,
    /// An answer of the service: a file, or the `https` address that gives it. Without it the folder holds a small widget to fill in.
    #[arg(long, value_name = "FILE-OR-URL")]
    pub from: Option<String>,
    /// The address that gave the answer, when `--from` is a file.
    #[arg(long, requires = "from")]
    pub url: Option<String>,
    /// The folder of widgets in which the new one is made.
    #[arg(long, value_name = "DIR", default_value = CATALOGUE)]
    pub into: PathBuf,
    /// Where an address in `--from` is asked: `live`, or `gateway=URL` (loopback only, for tests).
    #[arg(long, default_value = "live", value_parser = source_of_answers)]
    pub sources: Source,
    /// How a service can reach you: an address of mail or a page.
    #[arg(long, env = "VOORDEUR_CONTACT")]
    pub contact: Option<String>,
}

/// Makes the folder of a new widget.
pub async fn start(options: &NewOptions) -> Result<String, CliError> {
    let NewOptions { name, from, url, into, .. } = options;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > LONGEST_ID || !name.chars().all(fits) {
        return Err(CliError::Usage(format!(
            "NAME `{name}`: must be lower-case letters, digits and hyphens, at most {LONGEST_ID}"
        )));
    }
    let folder = into.join(name);
    let of_folder =
        |error: std::io::Error| CliError::Usage(format!("--into {}: {error}", folder.display()));
    // Before a service is asked for nothing.
    if folder.exists() {
        return Err(CliError::Usage(format!("--into {}: it is there already", folder.display())));
    }
    let now = Timestamp::now();
    let (files, next) = match from {
        None => (
            blank(now),
            "fill in the address, the block that shows the answer, and what is marked TODO",
        ),
        Some(from) => {
            let (url, answer) = answer(from, url.as_deref(), options).await?;
            let files = draft(&url, &answer, now).map_err(|problem| {
                CliError::from(format!("--from {from} --url {url}: {problem}"))
            })?;
            (
                files,
                "write what is marked TODO, and write samples of your own in place of the answer",
            )
        }
    };

    fs::create_dir_all(into).map_err(of_folder)?;
    // Fails when it is there: nobody's work is written over.
    fs::create_dir(&folder).map_err(of_folder)?;
    fs::create_dir(folder.join("samples")).map_err(of_folder)?;
    let mut told = format!("Made {}:\n", folder.display());
    for (path, content) in &files {
        fs::write(folder.join(path), content).map_err(of_folder)?;
        told.push_str(&format!("  {path}\n"));
    }
    let elsewhere = if *into == Path::new(CATALOGUE) {
        String::new()
    } else {
        format!(" --widgets {}", into.display())
    };
    told.push_str(&format!(
        "Next: {next}.\n\
         `voordeur widget preview {name}{elsewhere}` shows it while you write, `voordeur widget check {name}{elsewhere}` says what is still wrong, \
         and with `--store` stores what the samples show; `voordeur widget try {name}{elsewhere}` asks the service."
    ));
    Ok(told)
}

/// The answer, and the address that gives it.
async fn answer(
    from: &str,
    url: Option<&str>,
    options: &NewOptions,
) -> Result<(String, Vec<u8>), CliError> {
    if from.starts_with("https://") || from.starts_with("http://") {
        let body = fetched(from, options).await?;
        return Ok((url.unwrap_or(from).to_owned(), body));
    }
    let of_file = |error: std::io::Error| CliError::Usage(format!("--from {from}: {error}"));
    let length = fs::metadata(from).map_err(of_file)?.len();
    if usize::try_from(length).map_or(true, |length| length > LARGEST_ANSWER) {
        return Err(CliError::Usage(format!("--from {from}: larger than {LARGEST_ANSWER} bytes")));
    }
    let url = url.ok_or_else(|| {
        CliError::Usage(
            "--url: say which address gave the answer, or give that to --from".to_owned(),
        )
    })?;
    Ok((url.to_owned(), fs::read(from).map_err(of_file)?))
}

/// Asks an address once, with the limits of the hub.
async fn fetched(from: &str, options: &NewOptions) -> Result<Vec<u8>, CliError> {
    let wrong = |what: &str| CliError::Usage(format!("--from {from}: {what}"));
    let url = Url::parse(from).map_err(|error| wrong(&error.to_string()))?;
    let host = url
        .domain()
        .filter(|_| url.scheme() == "https" && url.port().is_none())
        .ok_or_else(|| wrong("must be `https://HOST/…`, with a name and without a port"))?;
    let request = Request {
        widget: options.name.clone(),
        id: "answer".to_owned(),
        nth: 0,
        method: Method::Get,
        url: url.to_string(),
        headers: Vec::new(),
        body: None,
        // What it is in is guessed from the bytes.
        format: Format::Json,
        fresh_for: Duration::ZERO,
        largest: LARGEST_ANSWER,
        question: None,
        may_fail: false,
        given_by_citizen: false,
        key: None,
        personal: false,
    };
    let fetcher = Fetcher::new(&options.sources, options.contact.as_deref(), ApiKeys::default())
        .map_err(|error| format!("the HTTP client cannot be made: {error}"))?;
    let hosts = [host.to_owned()];
    match fetcher.fetch_alone(&hosts, &request, Policy::default().flight).await {
        Ok(bytes) => Ok(bytes),
        Err(FetchError::ForeignHost) => Err(CliError::from(format!(
            "--from {from}: it sends on to another host: give the address there"
        ))),
        Err(other) => Err(CliError::from(format!("--from {from}: {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("voordeur-{name}-{}", std::process::id()));
        // It is there only when an earlier run was cut off.
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

    fn usage(done: Result<String, CliError>) -> String {
        match done {
            Err(CliError::Usage(problem)) => problem,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_folder_is_made_once_and_never_written_over() {
        let folder = folder("new-widget");
        let answer = folder.join("answer.json");
        let events = r#"{"events": [{"title": "Fair", "date": "2026-12-01"}, {"title": "Market", "date": "2026-12-02"}]}"#;
        fs::write(&answer, events).expect("written");
        let url = Some("https://town.example/events.json");
        let options = options("town-events", Some(&answer), url, &folder);
        let told = start(&options).await.expect("a folder");
        assert!(told.contains("widget.toml") && told.contains("samples/normal.json"), "{told}");
        let manifest = fs::read_to_string(folder.join("town-events/widget.toml"));
        let manifest = manifest.expect("a manifest");
        assert!(manifest.contains("TODO") && manifest.contains("town.example"), "{manifest}");
        let again = usage(start(&options).await);
        assert!(again.starts_with("--into "), "{again}");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[tokio::test]
    async fn a_blank_one_is_a_widget_already() {
        let folder = folder("new-blank");
        start(&options("blank", None, None, &folder)).await.expect("a folder");
        let found = crate::widget_folder::find("blank", Some(&folder));
        assert!(found.is_ok_and(|found| found.manifest.is_some()));
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[tokio::test]
    async fn a_mistake_names_its_argument() {
        let folder = folder("new-mistakes");
        let answer = folder.join("answer.txt");
        fs::write(&answer, "no answer").expect("written");
        let url = Some("https://a.example/x");
        let wrong_name = usage(start(&options("../up", Some(&answer), url, &folder)).await);
        assert!(wrong_name.starts_with("NAME `../up`"), "{wrong_name}");
        let absent = folder.join("absent");
        let no_file = usage(start(&options("a", Some(&absent), url, &folder)).await);
        assert!(no_file.starts_with("--from "), "{no_file}");
        let no_url = usage(start(&options("a", Some(&answer), None, &folder)).await);
        assert!(no_url.starts_with("--url"), "{no_url}");
        for address in ["http://a.example/", "https://127.0.0.1/", "https://a.example:8443/"] {
            let wrong = usage(start(&options("a", Some(Path::new(address)), None, &folder)).await);
            assert!(wrong.contains("must be `https://HOST/"), "{wrong}");
        }
        match start(&options("a", Some(&answer), url, &folder)).await {
            Err(CliError::FoundWidget { problem, .. }) => {
                assert!(problem.contains("cannot be read"), "{problem}")
            }
            other => panic!("{other:?}"),
        }
        assert!(!folder.join("a").exists());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
