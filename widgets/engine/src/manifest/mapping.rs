//! Maps responses to a view, as `[view]` of a manifest defines.

use std::collections::BTreeMap;

use cel::Value;
use cel::common::value::Val;
use strum::EnumString;
use voordeur_widget_api::{
    Alert, Block, Departure, Fact, ListItem, Moment, MomentItem, Phrase, PlaceItem, Point, Refusal,
    Row, Severity, Table, Tone, Value as Shown, View,
};

use super::bindings::Bindings;
use super::expression::{Expression, Scope};
use super::{cel_values, functions, geography};

/// How responses become a view.
pub struct Mapping {
    pub about: Option<Expression>,
    pub moment: Option<Expression>,
    pub page: Option<Expression>,
    pub notices: Vec<Expression>,
    pub blocks: Vec<BlockPlan>,
}

pub struct BlockPlan {
    pub kind: BlockKind,
    pub when: Option<Expression>,
    pub keys: KeyExpressions,
    pub items: BlockItems,
    pub empty: Option<Expression>,
}

/// Expressions by key.
pub type KeyExpressions = BTreeMap<&'static str, Expression>;

pub enum BlockItems {
    /// Listed in the manifest, each with an optional condition.
    Listed(Vec<(Option<Expression>, KeyExpressions)>),
    /// One per item of a list.
    Each(Box<RepeatedItems>),
}

/// Block items generated from a list.
pub struct RepeatedItems {
    pub each: Expression,
    pub keep: Option<Expression>,
    pub sort: Option<Expression>,
    pub descending: bool,
    pub limit: usize,
    pub bindings: Bindings,
    pub keys: KeyExpressions,
}

/// Kinds of block that a manifest can define.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum BlockKind {
    Text,
    Facts,
    List,
    Departures,
    Moments,
    Series,
    Table,
    Alert,
    Places,
}

impl Mapping {
    pub fn view(&self, scope: &Scope<'_>) -> Result<View, Refusal> {
        let mut view = View {
            about: optional_phrase(self.about.as_ref(), scope)?,
            moment: match &self.moment {
                Some(expression) => match cel_values::moment(&expression.value(scope)?) {
                    Some(Moment::At(moment)) => Some(moment),
                    _ => None,
                },
                None => None,
            },
            page: match &self.page {
                Some(expression) => {
                    cel_values::link(&expression.value(scope)?).map(|link| link.url)
                }
                None => None,
            },
            ..View::default()
        };
        for notice in &self.notices {
            view.notices.extend(cel_values::phrase(&notice.value(scope)?));
        }
        for plan in &self.blocks {
            if let Some(when) = &plan.when
                && !when.is_true(scope)?
            {
                continue;
            }
            plan.render(scope, &mut view)?;
        }
        Ok(view)
    }
}

impl BlockPlan {
    /// All expressions of the block.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut all: Vec<&Expression> = self.when.iter().chain(&self.empty).collect();
        all.extend(self.keys.values());
        match &self.items {
            BlockItems::Listed(written) => {
                for (when, keys) in written {
                    all.extend(when.iter().chain(keys.values()));
                }
            }
            BlockItems::Each(repeated) => {
                all.push(&repeated.each);
                all.extend(repeated.keep.iter().chain(&repeated.sort));
                all.extend(repeated.keys.values());
                all.extend(repeated.bindings.iter().map(|(_, named)| named));
            }
        }
        all
    }

    fn render(&self, scope: &Scope<'_>, view: &mut View) -> Result<(), Refusal> {
        match self.kind {
            BlockKind::Text => {
                let text = self.keys["text"].value(scope)?;
                view.blocks.extend(cel_values::phrase(&text).map(|text| Block::Text { text }));
                Ok(())
            }
            BlockKind::Facts => self.collect(scope, view, fact, |facts| Block::Facts { facts }),
            BlockKind::List => self.collect(scope, view, list_item, |items| Block::List { items }),
            BlockKind::Departures => {
                self.collect(scope, view, departure, |departures| Block::Departures { departures })
            }
            BlockKind::Moments => {
                self.collect(scope, view, moment_item, |moments| Block::Moments { moments })
            }
            BlockKind::Series => {
                let label = self.keys["label"].phrase(scope)?;
                let unit = self.keys["unit"].phrase(scope)?.text;
                self.collect(scope, view, point, |points| Block::Series { label, unit, points })
            }
            BlockKind::Table => {
                let columns = self.keys["columns"].list(scope)?;
                let columns: Option<Vec<Phrase>> = columns.iter().map(cel_values::phrase).collect();
                let columns = columns
                    .filter(|columns| !columns.is_empty())
                    .ok_or_else(|| self.keys["columns"].refuse("should be texts, at least one"))?;
                let width = columns.len();
                self.collect(
                    scope,
                    view,
                    |scope, keys| row(scope, keys, width),
                    |rows| Block::Table(Table { columns, rows }),
                )
            }
            BlockKind::Alert => {
                let alerts = self.items(scope, view, alert)?;
                if alerts.is_empty() {
                    return self.render_empty(scope, view);
                }
                view.blocks.extend(alerts.into_iter().map(Block::Alert));
                Ok(())
            }
            BlockKind::Places => {
                let centre = self.keys["centre"].list(scope)?;
                let centre: Vec<f64> = centre.iter().filter_map(cel_values::number).collect();
                let &[latitude, longitude] = centre.as_slice() else {
                    return Err(self.keys["centre"].refuse("should be [latitude, longitude]"));
                };
                let centre = (latitude, longitude);
                let radius = self.keys["radius"].number(scope)?;
                self.collect(
                    scope,
                    view,
                    |scope, keys| place_item(scope, keys, centre),
                    |places| Block::Places { centre, radius, places },
                )
            }
        }
    }

    fn collect<T>(
        &self,
        scope: &Scope<'_>,
        view: &mut View,
        read: impl Fn(&Scope<'_>, &KeyExpressions) -> Result<T, Refusal>,
        block: impl FnOnce(Vec<T>) -> Block,
    ) -> Result<(), Refusal> {
        let items = self.items(scope, view, read)?;
        if items.is_empty() {
            return self.render_empty(scope, view);
        }
        view.blocks.push(block(items));
        Ok(())
    }

    fn render_empty(&self, scope: &Scope<'_>, view: &mut View) -> Result<(), Refusal> {
        if let Some(empty) = &self.empty {
            view.blocks.push(Block::Empty { text: empty.phrase(scope)? });
        }
        Ok(())
    }

    /// Reads the items of the block. Malformed items are skipped and counted, unless all are
    /// malformed.
    fn items<T>(
        &self,
        scope: &Scope<'_>,
        view: &mut View,
        read: impl Fn(&Scope<'_>, &KeyExpressions) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        match &self.items {
            BlockItems::Listed(written) => {
                let mut items = Vec::new();
                for (when, keys) in written {
                    if let Some(when) = when
                        && !when.is_true(scope)?
                    {
                        continue;
                    }
                    items.push(read(scope, keys)?);
                }
                Ok(items)
            }
            BlockItems::Each(repeated) => repeated.items(scope, view, read),
        }
    }
}

impl RepeatedItems {
    fn items<T>(
        &self,
        scope: &Scope<'_>,
        view: &mut View,
        read: impl Fn(&Scope<'_>, &KeyExpressions) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        self.each.with_list(scope, |list| self.read_items(list, scope, view, read))
    }

    fn read_items<T>(
        &self,
        list: &[Box<dyn Val + '_>],
        scope: &Scope<'_>,
        view: &mut View,
        read: impl Fn(&Scope<'_>, &KeyExpressions) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        let mut first_refusal: Option<Refusal> = None;
        let mut left_out = 0;
        let mut refused = |refusal: Refusal, index: usize| {
            first_refusal.get_or_insert_with(|| with_item_number(refusal, index));
            left_out += 1;
        };

        let mut candidates: Vec<(Value, usize, Scope<'_>)> = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let item_scope = scope.with_item_and_bindings(item.as_ref(), index, &self.bindings);
            let keep = self.keep.as_ref().map_or(Ok(true), |keep| keep.is_true(&item_scope));
            let key = self.sort.as_ref().map_or(Ok(Value::Null), |sort| sort.value(&item_scope));
            match (keep, key) {
                (Ok(false), _) => {}
                (Ok(true), Ok(key)) => candidates.push((key, index, item_scope)),
                (Err(refusal), _) | (_, Err(refusal)) => refused(refusal, index),
            }
        }
        candidates.sort_by(|a, b| {
            let order = functions::compare(&a.0, &b.0);
            if self.descending { order.reverse() } else { order }
        });

        let mut items = Vec::new();
        for (_, index, item_scope) in candidates {
            if items.len() == self.limit {
                break;
            }
            match read(&item_scope, &self.keys) {
                Ok(item) => items.push(item),
                Err(refusal) => refused(refusal, index),
            }
        }
        match first_refusal {
            Some(refusal) if items.is_empty() => Err(refusal),
            first => {
                view.omitted += left_out;
                view.omission_reasons.extend(first);
                Ok(items)
            }
        }
    }
}

fn with_item_number(refusal: Refusal, index: usize) -> Refusal {
    match refusal {
        Refusal::UnexpectedResponse { at, reason } => {
            Refusal::UnexpectedResponse { at: format!("{at}, thing {}", index + 1), reason }
        }
        other => other,
    }
}

fn optional_phrase(
    expression: Option<&Expression>,
    scope: &Scope<'_>,
) -> Result<Option<Phrase>, Refusal> {
    match expression {
        Some(expression) => Ok(cel_values::phrase(&expression.value(scope)?)),
        None => Ok(None),
    }
}

/// The value of an optional key; `Null` when absent.
fn value(keys: &KeyExpressions, key: &str, scope: &Scope<'_>) -> Result<Value, Refusal> {
    keys.get(key).map_or(Ok(Value::Null), |expression| expression.value(scope))
}

fn phrase(keys: &KeyExpressions, key: &str, scope: &Scope<'_>) -> Result<Option<Phrase>, Refusal> {
    optional_phrase(keys.get(key), scope)
}

fn moment(keys: &KeyExpressions, key: &str, scope: &Scope<'_>) -> Result<Option<Moment>, Refusal> {
    Ok(cel_values::moment(&value(keys, key, scope)?))
}

fn fact(scope: &Scope<'_>, keys: &KeyExpressions) -> Result<Fact, Refusal> {
    let fact_value = keys["value"].value(scope)?;
    let kind = phrase(keys, "as", scope)?;
    let fact_value = match (kind.as_ref().map(|kind| kind.text.as_str()), &fact_value) {
        (Some("day" | "moment"), value) => cel_values::moment(value).map(Shown::Moment),
        (_, Value::Int(_) | Value::UInt(_) | Value::Float(_)) => {
            let decimals = cel_values::number(&value(keys, "decimals", scope)?).unwrap_or_default();
            cel_values::number(&fact_value).map(|number| Shown::Number {
                number,
                decimals: decimals.clamp(0.0, 6.0) as u8,
                unit: String::new(),
            })
        }
        (_, other) => cel_values::phrase(other).map(Shown::Phrase),
    };
    let mut fact_value =
        fact_value.ok_or_else(|| keys["value"].refuse("should be a value that is not empty"))?;
    if let Shown::Number { unit, .. } = &mut fact_value {
        *unit = phrase(keys, "unit", scope)?.map(|phrase| phrase.text).unwrap_or_default();
    }
    let tone = phrase(keys, "tone", scope)?.and_then(|tone| tone.text.parse::<Tone>().ok());
    Ok(Fact {
        label: keys["label"].phrase(scope)?,
        value: fact_value,
        note: phrase(keys, "note", scope)?,
        share: cel_values::number(&value(keys, "share", scope)?).map(|share| share.clamp(0.0, 1.0)),
        tone,
        link: cel_values::link(&value(keys, "link", scope)?),
    })
}

fn list_item(scope: &Scope<'_>, keys: &KeyExpressions) -> Result<ListItem, Refusal> {
    Ok(ListItem {
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        tag: phrase(keys, "tag", scope)?,
        when: moment(keys, "at", scope)?,
        link: cel_values::link(&value(keys, "link", scope)?),
    })
}

fn departure(scope: &Scope<'_>, keys: &KeyExpressions) -> Result<Departure, Refusal> {
    let text = |key| Ok::<_, Refusal>(phrase(keys, key, scope)?.map(|phrase| phrase.text));
    Ok(Departure {
        at: keys["at"].instant(scope)?,
        delay: cel_values::number(&value(keys, "delay", scope)?).unwrap_or_default() as i64,
        to: keys["to"].phrase(scope)?,
        line: text("line")?,
        platform: text("platform")?,
        cancelled: matches!(value(keys, "cancelled", scope)?, Value::Bool(true)),
    })
}

fn moment_item(scope: &Scope<'_>, keys: &KeyExpressions) -> Result<MomentItem, Refusal> {
    let start = moment(keys, "start", scope)?;
    Ok(MomentItem {
        start: start.ok_or_else(|| keys["start"].refuse("should be a moment or a day"))?,
        end: moment(keys, "end", scope)?,
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        link: cel_values::link(&value(keys, "link", scope)?),
    })
}

fn point(scope: &Scope<'_>, keys: &KeyExpressions) -> Result<Point, Refusal> {
    Ok(Point { at: keys["at"].instant(scope)?, value: keys["value"].number(scope)? })
}

fn row(scope: &Scope<'_>, keys: &KeyExpressions, width: usize) -> Result<Row, Refusal> {
    let mut cells: Vec<Option<Shown>> = keys["cells"].list(scope)?.iter().map(cell).collect();
    if cells.len() > width || cells.iter().all(Option::is_none) {
        return Err(keys["cells"].refuse(format!("should be {width} values, not all empty")));
    }
    cells.resize(width, None);
    Ok(Row { cells, link: cel_values::link(&value(keys, "link", scope)?) })
}

/// A number with the digits it needs (at most two), a date, or text.
fn cell(value: &Value) -> Option<Shown> {
    match value {
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => {
            let number = cel_values::number(value)?;
            let decimals = (0..2).find(|decimals| {
                let scaled = number * 10_f64.powi(i32::from(*decimals));
                (scaled - scaled.round()).abs() < 1e-6
            });
            Some(Shown::Number { number, decimals: decimals.unwrap_or(2), unit: String::new() })
        }
        Value::String(_) => match cel_values::moment(value) {
            Some(day) => Some(Shown::Moment(day)),
            None => cel_values::phrase(value).map(Shown::Phrase),
        },
        other => cel_values::phrase(other).map(Shown::Phrase),
    }
}

fn alert(scope: &Scope<'_>, keys: &KeyExpressions) -> Result<Alert, Refusal> {
    let severity = keys["severity"].phrase(scope)?.text;
    let severity = Severity::from_id(&severity)
        .ok_or_else(|| keys["severity"].refuse(format!("`{severity}` is no severity")))?;
    Ok(Alert {
        severity,
        title: keys["title"].phrase(scope)?,
        text: phrase(keys, "text", scope)?,
        area: phrase(keys, "area", scope)?,
        start: moment(keys, "start", scope)?,
        end: moment(keys, "end", scope)?,
        link: cel_values::link(&value(keys, "link", scope)?),
    })
}

fn place_item(
    scope: &Scope<'_>,
    keys: &KeyExpressions,
    centre: (f64, f64),
) -> Result<PlaceItem, Refusal> {
    let position = (keys["latitude"].number(scope)?, keys["longitude"].number(scope)?);
    if position.0.abs() > 90.0 || position.1.abs() > 180.0 {
        return Err(keys["latitude"].refuse("should be a WGS84 position in degrees"));
    }
    Ok(PlaceItem {
        title: keys["title"].phrase(scope)?,
        note: phrase(keys, "note", scope)?,
        tag: phrase(keys, "tag", scope)?,
        start: moment(keys, "start", scope)?,
        end: moment(keys, "end", scope)?,
        position,
        distance: geography::distance(centre, position),
        link: cel_values::link(&value(keys, "link", scope)?),
    })
}
