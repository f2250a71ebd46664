//! Maps responses to a view, as `[view]` of a manifest defines.

use std::collections::BTreeMap;

use strum::EnumString;
use voordeur_widget_api::{Block, DayRole, Further, Moment, Phrase, Refusal, Table, View};

use super::bindings::Bindings;
use super::expression::{Expression, Scope};
use super::functions::sort_keys;
use super::item_ids;
use super::values::{List, Value};
use items::{
    NO_POSITION, alert, departure, fact, forecast_day, gauge, is_temperature, link_item, list_item,
    moment_item, optional_phrase, place_item, point, row, value,
};

mod items;

/// Steps for the scope of an item, and for one that is refused: its refusal is put into words.
const STEPS_PER_ITEM: usize = 5;
const STEPS_PER_REFUSAL: usize = 40;
/// Memory of a name in `let` of an item.
const BYTES_PER_NAME: usize = 64;

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
    pub role: Option<DayRole>,
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
    Days,
    Gauge,
    Links,
    Table,
    Alert,
    Places,
}

impl BlockKind {
    /// The part in the day of a block that declares none, where its kind leaves no doubt.
    pub fn role(self) -> Option<DayRole> {
        match self {
            BlockKind::Departures => Some(DayRole::Departure),
            BlockKind::Alert => Some(DayRole::Warning),
            BlockKind::Days => Some(DayRole::Weather),
            _ => None,
        }
    }
}

impl Mapping {
    pub fn view(&self, scope: &Scope<'_, '_>) -> Result<View, Refusal> {
        let mut view = View {
            about: optional_phrase(self.about.as_ref(), scope)?,
            moment: match &self.moment {
                Some(expression) => match expression.value(scope)?.moment() {
                    Some(Moment::At(moment)) => Some(moment),
                    _ => None,
                },
                None => None,
            },
            page: match &self.page {
                Some(expression) => expression.value(scope)?.link().map(|link| link.url),
                None => None,
            },
            ..View::default()
        };
        for notice in &self.notices {
            view.notices.extend(notice.value(scope)?.phrase());
        }
        for plan in &self.blocks {
            if let Some(when) = &plan.when
                && !when.is_true(scope)?
            {
                continue;
            }
            plan.render(scope, &mut view)?;
        }
        item_ids::assign(&mut view);
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

    fn render(&self, scope: &Scope<'_, '_>, view: &mut View) -> Result<(), Refusal> {
        let role = self.role;
        match self.kind {
            BlockKind::Text => {
                let text = self.keys["text"].value(scope)?;
                let text = if scope.is_own() { text.own_phrase() } else { text.phrase() };
                view.blocks.extend(text.map(|text| Block::Text { text }));
                Ok(())
            }
            BlockKind::Facts => {
                self.collect(scope, view, fact, |facts| Block::Facts { role, facts })
            }
            BlockKind::List => {
                self.collect(scope, view, list_item, |items| Block::List { role, items })
            }
            BlockKind::Departures => self.collect(scope, view, departure, |departures| {
                Block::Departures { role, departures }
            }),
            BlockKind::Moments => {
                self.collect(scope, view, moment_item, |moments| Block::Moments { role, moments })
            }
            BlockKind::Series => {
                let label = self.keys["label"].phrase(scope)?;
                let unit = self.keys["unit"].phrase(scope)?.text;
                self.collect(scope, view, point, |mut points| {
                    // Time runs from left to right, whatever the order of the service.
                    points.sort_by_key(|point| point.at);
                    Block::Series { label, unit, points }
                })
            }
            BlockKind::Days => {
                let now = value(&self.keys, "now", scope)?.number().filter(is_temperature);
                self.collect(scope, view, forecast_day, |mut days| {
                    // As with a series, whatever the order of the service.
                    days.sort_by_key(|day| day.day);
                    Block::Days { role, now, days }
                })
            }
            BlockKind::Gauge => {
                view.blocks.push(Block::Gauge(gauge(scope, &self.keys)?));
                Ok(())
            }
            BlockKind::Links => {
                self.collect(scope, view, link_item, |links| Block::Links { links })
            }
            BlockKind::Table => {
                let columns = self.keys["columns"].list(scope)?;
                let columns: Option<Vec<Phrase>> =
                    columns.iter().map(|column| column.phrase()).collect();
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
                let alerts = self.items(scope, view, |scope, keys| alert(scope, keys, role))?;
                if alerts.is_empty() {
                    return self.render_empty(scope, view);
                }
                let first = view.blocks.len();
                view.blocks.extend(alerts.into_iter().map(Block::Alert));
                if let Some(further) = view.further.last_mut().filter(|it| it.block == first) {
                    further.block = view.blocks.len().saturating_sub(1);
                }
                Ok(())
            }
            BlockKind::Places => {
                let centre = self.keys["centre"].list(scope)?;
                let centre: Vec<f64> =
                    centre.iter().filter_map(|degrees| degrees.number()).collect();
                let &[latitude, longitude] = centre.as_slice() else {
                    return Err(self.keys["centre"].refuse("should be [latitude, longitude]"));
                };
                if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
                    return Err(self.keys["centre"].refuse(NO_POSITION));
                }
                let centre = scope.axis_order().in_order((latitude, longitude));
                let radius = self.keys["radius"].number(scope)?;
                self.collect(
                    scope,
                    view,
                    |scope, keys| place_item(scope, keys, centre),
                    |places| Block::Places { role, centre, radius, places },
                )
            }
        }
    }

    fn collect<T>(
        &self,
        scope: &Scope<'_, '_>,
        view: &mut View,
        read: impl Fn(&Scope<'_, '_>, &KeyExpressions) -> Result<T, Refusal>,
        block: impl FnOnce(Vec<T>) -> Block,
    ) -> Result<(), Refusal> {
        let items = self.items(scope, view, read)?;
        if items.is_empty() {
            return self.render_empty(scope, view);
        }
        view.blocks.push(block(items));
        Ok(())
    }

    fn render_empty(&self, scope: &Scope<'_, '_>, view: &mut View) -> Result<(), Refusal> {
        if let Some(empty) = &self.empty {
            view.blocks.push(Block::Empty { text: empty.phrase(scope)? });
        }
        Ok(())
    }

    /// Reads the items of the block. Malformed items are skipped and counted, unless all are
    /// malformed.
    fn items<T>(
        &self,
        scope: &Scope<'_, '_>,
        view: &mut View,
        read: impl Fn(&Scope<'_, '_>, &KeyExpressions) -> Result<T, Refusal>,
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
        scope: &Scope<'_, '_>,
        view: &mut View,
        read: impl Fn(&Scope<'_, '_>, &KeyExpressions) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        let list = self.each.list(scope)?;
        self.read_items(&list, scope, view, read)
    }

    fn read_items<'v, T>(
        &self,
        list: &List<'v>,
        scope: &Scope<'_, 'v>,
        view: &mut View,
        read: impl Fn(&Scope<'_, '_>, &KeyExpressions) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        let over_budget = |exhausted| self.each.over_budget(exhausted);
        let mut first_refusal: Option<Refusal> = None;
        let mut left_out = 0_usize;
        let mut refused = |refusal: Refusal, index: usize| {
            if let Refusal::OverBudget { .. } = refusal {
                return Err(refusal);
            }
            scope.budget().charge_steps(STEPS_PER_REFUSAL).map_err(over_budget)?;
            first_refusal.get_or_insert_with(|| with_item_number(refusal, index));
            left_out = left_out.saturating_add(1);
            Ok(())
        };

        let bytes = size_of::<Scope<'_, '_>>().saturating_add(BYTES_PER_NAME * self.bindings.len());
        let mut candidates: Vec<(usize, Scope<'_, '_>)> = Vec::new();
        let mut keys: Vec<Value<'_>> = Vec::new();
        for (index, item) in list.iter().enumerate() {
            scope.budget().charge_steps(STEPS_PER_ITEM).map_err(over_budget)?;
            let item_scope = scope.with_item_and_bindings(item, index, &self.bindings);
            let keep = self.keep.as_ref().map_or(Ok(true), |keep| keep.is_true(&item_scope));
            let key = match (keep, &self.sort) {
                (Ok(true), Some(sort)) => sort.value(&item_scope),
                (Ok(true), None) => Ok(Value::Null),
                (Ok(false), _) => continue,
                (Err(refusal), _) => Err(refusal),
            };
            match key {
                Ok(key) => {
                    scope.budget().charge_bytes(bytes).map_err(over_budget)?;
                    keys.push(key);
                    candidates.push((index, item_scope));
                }
                Err(refusal) => refused(refusal, index)?,
            }
        }
        if let Some(sort) = &self.sort {
            let keys = sort_keys(&keys, scope.budget());
            let keys = keys.map_err(|exhausted| sort.over_budget(exhausted))?;
            let mut keyed: Vec<_> = keys.into_iter().zip(candidates).collect();
            keyed.sort_by(|a, b| {
                let order = a.0.cmp(&b.0);
                if self.descending { order.reverse() } else { order }
            });
            candidates = keyed.into_iter().map(|(_, candidate)| candidate).collect();
        }

        let mut items = Vec::new();
        let mut candidates = candidates.into_iter();
        while items.len() < self.limit
            && let Some((index, item_scope)) = candidates.next()
        {
            match read(&item_scope, &self.keys) {
                Ok(item) => items.push(item),
                Err(refusal) => refused(refusal, index)?,
            }
        }
        if items.is_empty() && first_refusal.is_none() {
            self.nothing_for_a_reason(list, scope)?;
        }
        match first_refusal {
            Some(refusal) if items.is_empty() => Err(refusal),
            first => {
                view.omitted += left_out;
                view.omission_reasons.extend(first);
                if candidates.len() > 0 {
                    let further = Further { block: view.blocks.len(), count: candidates.len() };
                    view.further.push(further);
                }
                Ok(items)
            }
        }
    }
}

impl RepeatedItems {
    /// Whether `keep` leaves nothing because of what the things say. When it is because something is
    /// missing in one of them, that is no reason to say that there is nothing.
    fn nothing_for_a_reason<'v>(
        &self,
        list: &List<'v>,
        scope: &Scope<'_, 'v>,
    ) -> Result<(), Refusal> {
        let Some(keep) = &self.keep else { return Ok(()) };
        for (index, item) in list.iter().enumerate() {
            let steps = scope.budget().charge_steps(STEPS_PER_ITEM);
            steps.map_err(|exhausted| self.each.over_budget(exhausted))?;
            let scope = scope.with_item_and_bindings(item, index, &self.bindings);
            let decided = keep.depends_on_no_gap(&scope);
            decided.map_err(|refusal| with_item_number(refusal, index))?;
        }
        Ok(())
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
