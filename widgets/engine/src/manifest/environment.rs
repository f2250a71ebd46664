//! The variables that expressions of a widget can read. Each value is made lazily: most expressions
//! read few of them, and the pages of a response can be large.

use std::cell::OnceCell;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Tree, json};
use voordeur_widget_api::{
    Budget, DayBound, Exhausted, FieldKind, Manifest, OwnItem, OwnLink, Refusal, Responses, Texts,
    WidgetContext, label_key,
};

use super::axis_order::AxisOrder;
use super::bindings::Bindings;
use super::codes::CodeTable;
use super::geography::{self, Crs};
use super::lookup;
use super::requests::RequestPlan;
use super::values::{Text, Value};

/// Names that a manifest defines beside fields and requests.
pub struct Vocabulary {
    /// `texts`, by language.
    texts: [Tree; 4],
    /// `codes`, by language.
    codes: [Tree; 4],
    pub bindings: Bindings,
}

impl Vocabulary {
    pub fn new(
        texts: &[(String, Texts)],
        codes: &[(String, CodeTable)],
        bindings: Bindings,
    ) -> Self {
        use voordeur_widget_api::Language;
        let texts = Language::ALL.map(|language| {
            let text = |(id, text): &(String, Texts)| (id.clone(), text.get(language).into());
            Tree::Object(texts.iter().map(text).collect())
        });
        let codes = Language::ALL.map(|language| {
            let table = |(id, table): &(String, CodeTable)| (id.clone(), table.tree(language));
            Tree::Object(codes.iter().map(table).collect())
        });
        Vocabulary { texts, codes, bindings }
    }
}

/// The variables of one evaluation.
pub struct Environment<'a> {
    manifest: &'a Manifest,
    pub vocabulary: &'a Vocabulary,
    pub plans: &'a [RequestPlan],
    pub context: &'a WidgetContext<'a>,
    responses: &'a Responses,
    settings: OnceCell<Tree>,
    place: OnceCell<Tree>,
    today: OnceCell<String>,
    axis_order: OnceCell<AxisOrder>,
    /// The values that were made from the responses of each request, in the order of `plans`.
    made: Vec<OnceCell<Vec<Option<Tree>>>>,
}

impl<'a> Environment<'a> {
    pub fn new(
        manifest: &'a Manifest,
        vocabulary: &'a Vocabulary,
        plans: &'a [RequestPlan],
        context: &'a WidgetContext<'a>,
        responses: &'a Responses,
    ) -> Self {
        Environment {
            manifest,
            vocabulary,
            plans,
            context,
            responses,
            settings: OnceCell::new(),
            place: OnceCell::new(),
            today: OnceCell::new(),
            axis_order: OnceCell::new(),
            made: plans.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// Whether the texts are the citizen's own, who wrote their line breaks.
    pub fn is_own(&self) -> bool {
        self.manifest.own
    }

    pub fn settings(&self) -> &Tree {
        self.settings.get_or_init(|| self.make_settings())
    }

    pub fn place(&self) -> &Tree {
        self.place.get_or_init(|| self.make_place())
    }

    pub fn texts(&self) -> &Tree {
        &self.vocabulary.texts[self.context.language as usize]
    }

    pub fn codes(&self) -> &Tree {
        &self.vocabulary.codes[self.context.language as usize]
    }

    pub fn today(&self) -> &str {
        self.today
            .get_or_init(|| self.context.now.to_zoned(self.context.zone.clone()).date().to_string())
    }

    /// The order of the axes of positions.
    pub fn axis_order(&self) -> &AxisOrder {
        self.axis_order.get_or_init(|| AxisOrder::new(&self.manifest.covers))
    }

    /// The time zone of times without an offset.
    pub fn naive_zone(&self) -> &TimeZone {
        self.manifest.zone.as_ref().unwrap_or(self.context.zone)
    }

    fn make_settings(&self) -> Tree {
        let Environment { manifest, context, .. } = self;
        let mut settings = Map::new();
        for field in &manifest.fields {
            if let FieldKind::Lookup { .. } = field.kind {
                let label = context.settings.get(&label_key(&field.id));
                let label = label.map_or(Tree::Null, |label| label.as_str().into());
                settings.insert(lookup::label_variable(&field.id), label);
            }
        }
        for field in &manifest.fields {
            let setting = context.settings.get(&field.id).filter(|setting| !setting.is_empty());
            let setting = setting.or(field.default.as_ref());
            let value = match (&field.kind, setting) {
                (FieldKind::Toggle, setting) => setting.is_some_and(|on| on == "true").into(),
                (FieldKind::Number { .. }, Some(setting)) => {
                    Value::Text(Text::Borrowed(setting)).number().map_or(Tree::Null, Tree::from)
                }
                (FieldKind::Date { .. }, Some(setting)) => {
                    let today = context.now.to_zoned(context.zone.clone()).date();
                    let day = DayBound::parse(setting).map(|bound| bound.day(today));
                    day.map_or(Tree::Null, |day| day.to_string().into())
                }
                (FieldKind::Links, setting) => {
                    let links = voordeur_widget_api::links(setting.map_or("", String::as_str));
                    let link = |link: OwnLink| json!({ "name": link.name, "url": link.url });
                    links.into_iter().map(link).collect()
                }
                (FieldKind::Items, setting) => {
                    let setting = setting.map_or("", String::as_str);
                    let items = voordeur_widget_api::items_to_do_first(setting);
                    let item = |item: OwnItem| json!({ "text": item.text, "ticked": item.ticked });
                    items.into_iter().map(item).collect()
                }
                (_, Some(setting)) => setting.as_str().into(),
                (_, None) => Tree::Null,
            };
            settings.insert(field.id.clone(), value);
        }
        Tree::Object(settings)
    }

    fn make_place(&self) -> Tree {
        let Some(place) = self.context.place else { return Tree::Null };
        let metres = |system| {
            let place = geography::from_wgs84(system, place.latitude, place.longitude);
            place.map_or((Tree::Null, Tree::Null), |(x, y)| (x.round().into(), y.round().into()))
        };
        let (x, y) = metres(Crs::Lambert72);
        let (rd_x, rd_y) = metres(Crs::Rd);
        json!({
            "postcode": place.postcode,
            "locality": place.locality,
            "municipality": place.municipality.get(self.context.language),
            "municipality_nl": place.municipality.nl,
            "nis": place.nis,
            "province": place.province.id(),
            "latitude": place.latitude,
            "longitude": place.longitude,
            "lambert_x": x,
            "lambert_y": y,
            "rd_x": rd_x,
            "rd_y": rd_y,
        })
    }

    /// The value of the request at this place in `plans`.
    ///
    /// # Errors
    /// When it is beyond the budget to make the value.
    pub fn request_value(&self, at: usize) -> Result<Value<'_>, Exhausted> {
        let (Some(plan), Some(place)) = (self.plans.get(at), self.made.get(at)) else {
            return Ok(Value::Null);
        };
        let responses = self.responses.get(&plan.id).map_or(&[][..], Vec::as_slice);
        let made = match place.get() {
            Some(made) => made,
            None => {
                let made = plan.make(responses, self.budget())?;
                place.get_or_init(|| made)
            }
        };
        Ok(plan.value(responses, made))
    }

    /// Why the value of a request that is `null` cannot be read: a service answered with it, or with
    /// what is not from a portal of its kind. `null` says that a request was not made, or may fail.
    pub fn refusal_of_null(&self, at: usize) -> Option<Refusal> {
        let plan = self.plans.get(at).filter(|plan| !plan.optional)?;
        let responses = self.responses.get(&plan.id)?;
        (!responses.is_empty()).then(|| Refusal::UnexpectedResponse {
            at: format!("request `{}`", plan.id),
            reason: "the response has no data".to_owned(),
        })
    }

    fn budget(&self) -> &Budget {
        self.context.budget
    }
}
