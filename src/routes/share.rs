//! Boards as files: download, preview, and taking the pages of one as a single change.

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, FromRequestParts, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use serde::Deserialize;
use voordeur_engine::Catalogue;
use voordeur_shared::{Completed, paths};
use voordeur_store::{Edit, StoreError};
use voordeur_widget_api::{Field, FieldKind, Settings, label_key};

use super::RequestError;
use super::board::descriptions::page_name;
use super::board::edits::{describe_refusal, store_edit};
use super::board::{BoardAddress, SubmittedForm};
use crate::app::App;
use crate::board_file::{
    BoardFile, FileContent, FileFormat, FileProblem, FileReader, MAX_FILE_BYTES, ValueProblem,
    of_link, to_link,
};
use crate::icons::Icon;
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::board::tabs::PAGE_ICONS;
use crate::pages::form_context::FormContext;
use crate::pages::share::{ListedCard, ListedPage, PreviewPage, SharePage, draw, draw_preview};
use crate::presenter::describe_field_error;
use crate::session::Session;

/// Maximum number of fields in a form with a file.
const MAX_FIELDS: usize = 8;

/// `GET /share`
pub async fn show(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    show_page(&app, &session, &headers, StatusCode::OK, None).await
}

async fn show_page(
    app: &App,
    session: &Session,
    headers: &HeaderMap,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let board = session.board(app).await?;
    let catalogue = app.catalogue();
    let template = BoardFile::template(&board, &catalogue);
    let link = to_link(&template).map_err(StoreError::from)?;
    let link = link.map(|coded| {
        let path = [paths::SHARED_TEMPLATE, "?", paths::TEMPLATE_IN_LINK, "=", &coded].concat();
        origin(app, headers) + &path
    });
    let pages = template.pages().iter().map(|page| ListedPage {
        name: page_name(page.name, locale),
        cards: page
            .cards
            .iter()
            .map(|card| {
                let inputs = card.inputs.iter().copied();
                listed_card(&catalogue, card.widget, &card.settings, inputs, locale)
            })
            .collect(),
    });
    let model = SharePage { locale, template: pages.collect(), link, problem };
    let title = locale.say("share-title");
    let page_options = PageOptions { title, current: Some("share"), ..PageOptions::default() };
    Ok(render_page(session, status, page_options, || draw(model)))
}

/// The address of this server, for a link.
fn origin(app: &App, headers: &HeaderMap) -> String {
    app.public_origin.clone().unwrap_or_else(|| {
        // Without a public address, browsers reach this server by plain HTTP.
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        host.map(|host| ["http://", host].concat()).unwrap_or_default()
    })
}

fn listed_card<'a>(
    catalogue: &Catalogue,
    widget: &str,
    settings: &Settings,
    inputs: impl Iterator<Item = &'a str>,
    locale: Locale,
) -> ListedCard {
    let Some(known) = catalogue.get(widget) else {
        return ListedCard { name: widget.to_owned(), values: Vec::new(), inputs: Vec::new() };
    };
    let manifest = known.manifest();
    let label = |field: &Field| field.label.get(locale.language).to_owned();
    let values = manifest.fields.iter().filter_map(|field| {
        let value = settings.get(&field.id)?;
        Some((label(field), shown_value(field, value, settings, locale)))
    });
    let inputs = inputs.filter_map(|id| manifest.field(id)).map(label);
    ListedCard {
        name: manifest.name.get(locale.language).to_owned(),
        values: values.collect(),
        inputs: inputs.collect(),
    }
}

/// The value of a setting as a citizen knows it.
fn shown_value(field: &Field, value: &str, settings: &Settings, locale: Locale) -> String {
    let chosen = match &field.kind {
        FieldKind::Choice { choices } => choices
            .iter()
            .find(|choice| choice.value == value)
            .map(|choice| choice.label.get(locale.language).to_owned()),
        FieldKind::Toggle if value == "true" => Some(locale.say("difference-yes")),
        FieldKind::Toggle => Some(locale.say("difference-no")),
        FieldKind::Lookup { .. } => settings.get(&label_key(&field.id)).cloned(),
        _ => None,
    };
    chosen.unwrap_or_else(|| value.to_owned())
}

/// `GET /share/board.json`
pub async fn board_file(
    State(app): State<App>,
    session: Session,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let place = session.citizen.as_ref().and_then(|citizen| citizen.place.as_deref());
    let file = BoardFile::board(&board, place, &app.catalogue()).to_json();
    let file = file.map_err(StoreError::from)?;
    let day = Timestamp::now().to_zoned(app.card_service.zone().clone()).date();
    Ok(download(&format!("voordeur-{day}.json"), file))
}

/// `GET /share/template.json`
pub async fn template_file(
    State(app): State<App>,
    session: Session,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let file = BoardFile::template(&board, &app.catalogue()).to_json();
    Ok(download("voordeur-template.json", file.map_err(StoreError::from)?))
}

fn download(name: &str, file: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file).into_response()
}

/// A posted form with the file of a board.
pub struct FileRequest {
    app: App,
    session: Session,
    jar: CookieJar,
    headers: HeaderMap,
    form: SubmittedForm,
    file: Vec<u8>,
}

impl FromRequest<App> for FileRequest {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = Session::from_request_parts(&mut parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let jar = CookieJar::from_headers(&parts.headers);
        if !is_multipart(&parts.headers) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let headers = parts.headers.clone();
        let unreadable = |_| StatusCode::UNPROCESSABLE_ENTITY.into_response();
        let request = Request::from_parts(parts, body);
        let mut multipart = Multipart::from_request(request, app)
            .await
            .map_err(|_| StatusCode::UNPROCESSABLE_ENTITY.into_response())?;
        let (mut fields, mut file) = (Vec::new(), Vec::new());
        for _ in 0..MAX_FIELDS {
            let Some(field) = multipart.next_field().await.map_err(unreadable)? else { break };
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(unreadable)?;
            if name == "file" {
                file = bytes.to_vec();
            } else {
                fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let form = SubmittedForm::of(fields);
        Ok(FileRequest { app: app.clone(), session, jar, headers, form, file })
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes());
    kind.is_some_and(|kind| kind.starts_with(b"multipart/form-data"))
}

/// `POST /import`: shows the pages of a file; nothing is changed.
pub async fn preview(
    FileRequest { app, session, headers, file, .. }: FileRequest,
) -> Result<Response, RequestError> {
    match read(&app, &file) {
        Ok(content) => show_preview(&app, &session, StatusCode::OK, content, &file, None).await,
        Err(problem) => refuse(&app, &session, &headers, &problem).await,
    }
}

#[derive(Debug, Deserialize)]
pub struct LinkQuery {
    #[serde(rename = "t")]
    template: Option<String>,
}

/// `GET /share/template`: shows the pages of a template in a link; nothing is changed.
pub async fn preview_link(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    Query(query): Query<LinkQuery>,
) -> Result<Response, RequestError> {
    let file = of_link(query.template.as_deref().unwrap_or_default());
    let read = file.and_then(|file| {
        let content = read(&app, &file)?;
        // A board holds what nobody should put in a link.
        if content.format != FileFormat::Template {
            return Err(FileProblem::BrokenLink);
        }
        Ok((content, file))
    });
    match read {
        Ok((content, file)) => {
            show_preview(&app, &session, StatusCode::OK, content, &file, None).await
        }
        Err(FileProblem::Absent) => {
            refuse(&app, &session, &headers, &FileProblem::BrokenLink).await
        }
        Err(problem) => refuse(&app, &session, &headers, &problem).await,
    }
}

/// `POST /import/take`: takes the pages of a file, as one change.
pub async fn take(
    FileRequest { app, mut session, jar, headers, form, file }: FileRequest,
) -> Result<Response, RequestError> {
    let content = match read(&app, &file) {
        Ok(content) => content,
        Err(problem) => return refuse(&app, &session, &headers, &problem).await,
    };
    let replace = match form.value("mode") {
        Some("after") => false,
        Some("instead") => true,
        _ => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let problem = Some(session.locale.say("edit-unusable"));
            return show_preview(&app, &session, status, content, &file, problem).await;
        }
    };
    let edit = Edit::Import { pages: content.pages.clone(), replace };
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let problem = match store_edit(&app, &session, &citizen, form.submission(), &edit).await {
        Ok(made) => {
            // The place is no part of the board. It fills a gap and replaces nothing.
            let known = session.citizen.as_ref();
            if let (Some(place), Some(known)) = (&content.place, known)
                && known.place.is_none()
            {
                app.store.complete_welcome(&citizen, Some(place), &known.interests).await?;
            }
            let board = &made.board;
            let page = made.subject.filter(|id| board.page_or_first(Some(id)) > 0);
            let address = BoardAddress { editing: false, page, card: None };
            let address = address.with(Completed::Import, &[]);
            return Ok((jar, Redirect::to(&address)).into_response());
        }
        Err(StoreError::Conflict(_)) => session.locale.say("preview-changed"),
        Err(StoreError::InvalidEdit(refusal)) => describe_refusal(&refusal, &app, session.locale),
        Err(error) => return Err(error.into()),
    };
    let status = StatusCode::CONFLICT;
    let shown = show_preview(&app, &session, status, content, &file, Some(problem)).await?;
    Ok((jar, shown).into_response())
}

fn read(app: &App, file: &[u8]) -> Result<FileContent, FileProblem> {
    let catalogue = app.catalogue();
    let today = Timestamp::now().to_zoned(app.card_service.zone().clone()).date();
    FileReader { catalogue: &catalogue, today, is_page_icon }.read(file)
}

fn is_page_icon(id: &str) -> bool {
    PAGE_ICONS.iter().any(|(icon, _): &(Icon, _)| icon.id() == id)
}

async fn refuse(
    app: &App,
    session: &Session,
    headers: &HeaderMap,
    problem: &FileProblem,
) -> Result<Response, RequestError> {
    let words = describe_file_problem(problem, session.locale);
    show_page(app, session, headers, StatusCode::UNPROCESSABLE_ENTITY, Some(words)).await
}

async fn show_preview(
    app: &App,
    session: &Session,
    status: StatusCode,
    content: FileContent,
    file: &[u8],
    problem: Option<String>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let catalogue = app.catalogue();
    let revision = session.board(app).await?.revision;
    let mut inputs = content.inputs.iter();
    let pages = content.pages.iter().map(|page| ListedPage {
        name: page_name(&page.name, locale),
        cards: page
            .cards
            .iter()
            .map(|card| {
                let inputs = inputs.next().into_iter().flatten().map(String::as_str);
                listed_card(&catalogue, &card.widget, &card.settings, inputs, locale)
            })
            .collect(),
    });
    let model = PreviewPage {
        locale,
        form_context: FormContext::new(revision, None, false),
        is_template: content.format == FileFormat::Template,
        pages: pages.collect(),
        unknown_widgets: content.unknown_widgets,
        file: compact(file),
        problem,
    };
    let title = locale.say("preview-file-title");
    let page_options = PageOptions { title, ..PageOptions::default() };
    Ok(render_page(session, status, page_options, || draw_preview(model)))
}

/// The file without line ends, which a form would change.
fn compact(file: &[u8]) -> String {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let value = serde_json::from_slice::<serde_json::Value>(file).unwrap_or_default();
    value.to_string()
}

fn describe_file_problem(problem: &FileProblem, locale: Locale) -> String {
    match problem {
        FileProblem::Absent => locale.say("file-absent"),
        FileProblem::TooLarge => {
            let most = i64::try_from(MAX_FILE_BYTES / 1024).unwrap_or(i64::MAX);
            locale.say_with("file-too-large", &[("most", most.into())])
        }
        FileProblem::NotJson => locale.say("file-not-json"),
        FileProblem::NotABoard => locale.say("file-not-a-board"),
        FileProblem::BrokenLink => locale.say("link-broken"),
        FileProblem::NewerFormat => locale.say("file-newer"),
        FileProblem::Value { path, problem } => {
            let reason = match problem {
                ValueProblem::Missing => locale.say("value-missing"),
                ValueProblem::Unknown => locale.say("value-unknown"),
                ValueProblem::WrongType => locale.say("value-wrong-type"),
                ValueProblem::TooMany { most } => {
                    let most = i64::try_from(*most).unwrap_or(i64::MAX);
                    locale.say_with("value-too-many", &[("most", most.into())])
                }
                ValueProblem::Empty => locale.say("value-empty"),
                ValueProblem::Personal => locale.say("value-personal"),
                ValueProblem::Unusable => locale.say("value-unusable"),
                ValueProblem::Field(error) => describe_field_error(error, "", locale),
            };
            let path = path.clone();
            locale.say_with("file-value", &[("path", path.into()), ("reason", reason.into())])
        }
    }
}
