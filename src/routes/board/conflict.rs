//! The page after another tab changed the subject of an edit: two versions of the card, or a
//! notice about the page.

use voordeur_engine::Catalogue;
use voordeur_widget_api::{FieldKind, Manifest, Settings, TITLE_KEY, label_key};

use super::descriptions::{card_name, describe_change, page_name};
use super::{BoardAddress, BoardOptions, SubmittedForm, page_of};
use crate::app::App;
use crate::cards::Viewer;
use crate::locale::Locale;
use crate::pages::board::conflict_choice::{CardVersion, ConflictChoice, PreviewCard};
use crate::pages::notice::{Notice, NoticeAction, NoticeTone};
use crate::session::Session;
use voordeur_store::{Board, Card, Conflict, ConflictSubject, Edit};
use voordeur_upstream::CachePolicy;

/// The board with the choices for the citizen.
pub async fn options(
    app: &App,
    session: &Session,
    conflict: Conflict,
    edit: &Edit,
    form: &SubmittedForm,
    path: &str,
) -> BoardOptions {
    let locale = session.locale;
    let anyway = |label: String| NoticeAction {
        url: path.to_owned(),
        data_action: "anyway".to_owned(),
        label,
        // With script, an edit stays in the browser's queue until the conflict is settled: this
        // field settles it.
        hidden: [
            form.again(conflict.board.revision),
            vec![("settles".to_owned(), "true".to_owned())],
        ]
        .concat(),
        id: "do-anyway".to_owned(),
    };
    let mut options = BoardOptions::of(form);
    let text = match (conflict.subject, edit) {
        (ConflictSubject::Card, _) => {
            let mine = anyway(locale.say("conflict-take"));
            if let Some(choice) = choice(app, session, &conflict, edit, form, mine).await {
                // The card may be on another page by now: show that page.
                let spot = card_of(edit).and_then(|id| conflict.board.position_of(id));
                if let Some(spot) = spot {
                    options.page = Some(conflict.board.pages[spot.page].id.clone());
                }
                options.choice = Some(choice);
                return options;
            }
            locale.say("conflict")
        }
        (ConflictSubject::Page, Edit::ChangePage { page, name, .. }) => {
            let now = conflict.board.page(page).map(|page| page_name(&page.name, locale));
            locale.say_with(
                "conflict-page-name",
                &[
                    ("now", now.unwrap_or_default().into()),
                    ("mine", page_name(name, locale).into()),
                ],
            )
        }
        (ConflictSubject::Page, Edit::RemovePage { .. }) => locale.say("conflict-page-remove"),
        (ConflictSubject::Page, _) => locale.say("conflict-page-move"),
        (ConflictSubject::Board, _) => {
            let catalogue = app.catalogue();
            let about = conflict.change.as_ref();
            match (edit, about.map(|change| describe_change(change, &catalogue, locale))) {
                (Edit::Undo, Some(change)) => {
                    locale.say_with("conflict-undo", &[("deed", change.into())])
                }
                (Edit::Redo, Some(change)) => {
                    locale.say_with("conflict-redo", &[("deed", change.into())])
                }
                _ => locale.say("conflict-board"),
            }
        }
    };
    let actions = vec![anyway(locale.say("action-do-anyway"))];
    let keep = BoardAddress { editing: form.editing(), page: options.page.clone(), card: None };
    let keep = Some((locale.say("conflict-keep"), keep.plain()));
    options.notice = Some(Notice { text, tone: NoticeTone::Failed, actions, keep });
    options
}

/// The card that an edit is about.
fn card_of(edit: &Edit) -> Option<&str> {
    match edit {
        Edit::Remove { card }
        | Edit::Move { card, .. }
        | Edit::Place { card, .. }
        | Edit::Resize { card, .. }
        | Edit::Fold { card, .. }
        | Edit::Configure { card, .. }
        | Edit::Tick { card, .. }
        | Edit::AddItem { card, .. }
        | Edit::ClearItems { card, .. } => Some(card),
        _ => None,
    }
}

async fn choice(
    app: &App,
    session: &Session,
    conflict: &Conflict,
    edit: &Edit,
    form: &SubmittedForm,
    mine: NoticeAction,
) -> Option<ConflictChoice> {
    let locale = session.locale;
    let id = card_of(edit)?;
    let wished_board = conflict.proposed.as_ref()?;
    let (now, wished) = (conflict.board.card(id), wished_board.card(id));
    let any = now.or(wished)?;
    let catalogue = app.catalogue();
    let named = card_name(&catalogue, any, locale).unwrap_or_else(|| any.widget.clone());
    let manifest = catalogue.get(&any.widget).map(|widget| widget.manifest());
    let (now_lines, wished_lines) =
        differences(&conflict.board, wished_board, id, manifest, locale);

    let viewer = session.viewer();
    let preview = |card, id| draw_preview(app, &catalogue, &viewer, card, id);
    let (now_card, wished_card) =
        futures::future::join(preview(now, "as-it-is"), preview(wished, "as-wished")).await;

    let page = match now {
        Some(_) => page_of(&conflict.board, id),
        None => form.page().map(str::to_owned),
    };
    let keep = BoardAddress { editing: form.editing(), page, card: now.map(|_| id) };
    Some(ConflictChoice {
        title: locale.say("conflict-title"),
        text: locale.say_with("conflict-card", &[("card", named.into())]),
        now: CardVersion { heading: locale.say("conflict-now"), lines: now_lines, card: now_card },
        wished: CardVersion {
            heading: locale.say("conflict-wished"),
            lines: wished_lines,
            card: wished_card,
        },
        keep: (locale.say("conflict-keep"), keep.plain()),
        take: mine,
    })
}

/// Draws one version of a card, if the board has it.
async fn draw_preview(
    app: &App,
    catalogue: &Catalogue,
    viewer: &Viewer,
    card: Option<&Card>,
    id: &str,
) -> Option<PreviewCard> {
    let card = card?;
    let mut drawn = app
        .card_service
        .cards(catalogue, std::slice::from_ref(card), viewer, CachePolicy::StaleWhileRevalidate)
        .await;
    Some(PreviewCard { id: id.to_owned(), size: card.size, drawn: drawn.pop()?.1 })
}

/// The differences between two boards with regard to a card: lines for each of the two.
fn differences(
    now: &Board,
    wished: &Board,
    id: &str,
    manifest: Option<&Manifest>,
    locale: Locale,
) -> (Vec<String>, Vec<String>) {
    let (was, will) = (now.card(id), wished.card(id));
    let differ = |part: fn(&Card) -> String| was.map(part) != will.map(part);
    let lines = |board: &Board| -> Vec<String> {
        let (Some(card), Some(spot)) = (board.card(id), board.position_of(id)) else {
            return vec![locale.say("difference-gone")];
        };
        let page = &board.pages[spot.page];
        let mut lines = Vec::new();
        if was.is_none() || will.is_none() || now.position_of(id) != wished.position_of(id) {
            lines.push(locale.say_with(
                "difference-place",
                &[
                    ("page", page_name(&page.name, locale).into()),
                    ("position", i64::try_from(spot.index + 1).unwrap_or(i64::MAX).into()),
                ],
            ));
        }
        if differ(|card| card.size.id().to_owned()) {
            lines.push(locale.say_with("difference-size", &[("size", card.size.id().into())]));
        }
        if was.zip(will).is_some_and(|(was, will)| was.folded != will.folded) {
            let key = if card.folded { "difference-folded" } else { "difference-unfolded" };
            lines.push(locale.say(key));
        }
        if let (Some(was), Some(will), Some(manifest)) = (was, will, manifest) {
            lines.extend(settings_lines(&was.settings, &will.settings, card, manifest, locale));
        }
        lines
    };
    (lines(now), lines(wished))
}

fn settings_lines(
    was: &Settings,
    will: &Settings,
    card: &Card,
    manifest: &Manifest,
    locale: Locale,
) -> Vec<String> {
    let title = (was.get(TITLE_KEY) != will.get(TITLE_KEY)).then(|| {
        let value = card.settings.get(TITLE_KEY).cloned();
        let value = value.unwrap_or_else(|| manifest.name.get(locale.language).to_owned());
        let label = locale.say("settings-own-title");
        locale.say_with("difference-setting", &[("label", label.into()), ("value", value.into())])
    });
    let fields = manifest
        .fields
        .iter()
        .filter(|field| was.get(&field.id) != will.get(&field.id))
        .map(|field| {
            let value = card.settings.get(&field.id);
            let words = match (&field.kind, value) {
                (FieldKind::Toggle, value) => {
                    let on = value.is_some_and(|value| value == "true");
                    Some(locale.say(if on { "difference-yes" } else { "difference-no" }))
                }
                (FieldKind::Choice { choices }, Some(value)) => choices
                    .iter()
                    .find(|choice| choice.value == *value)
                    .map(|choice| choice.label.get(locale.language).to_owned()),
                (FieldKind::Lookup { .. }, Some(value)) => {
                    Some(card.settings.get(&label_key(&field.id)).unwrap_or(value).clone())
                }
                // The cards beside the lines show the whole text.
                (FieldKind::Lines { .. } | FieldKind::Links | FieldKind::Items, Some(value)) => {
                    Some(one_line(value))
                }
                (_, value) => value.cloned(),
            };
            let label = field.label.get(locale.language).to_owned();
            let words = words.unwrap_or_else(|| locale.say("difference-open"));
            locale
                .say_with("difference-setting", &[("label", label.into()), ("value", words.into())])
        });
    title.into_iter().chain(fields).collect()
}

/// The beginning of a text of several lines, on one line.
fn one_line(text: &str) -> String {
    const MAX_CHARS: usize = 100;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
