//! The variables that expressions of a widget can read. Each value is converted lazily: most
//! expressions read few of them, and a response can be large.

use std::sync::OnceLock;

use cel::Value;
use cel::common::types::{CelInt, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{
    DayBound, FieldKind, Manifest, Responses, Texts, WidgetContext, label_key,
};

use super::bindings::Bindings;
use super::cel_values;
use super::codes::CodeTable;
use super::geography::{self, Crs};
use super::lookup;
use super::requests::RequestPlan;

/// Names that a manifest defines beside fields and requests.
pub struct Vocabulary {
    pub texts: Vec<(String, Texts)>,
    pub codes: Vec<(String, CodeTable)>,
    pub bindings: Bindings,
}

/// The variables of one evaluation.
pub struct Environment<'a> {
    manifest: &'a Manifest,
    pub vocabulary: &'a Vocabulary,
    plans: &'a [RequestPlan],
    pub context: &'a WidgetContext<'a>,
    responses: &'a Responses,
    settings: OnceLock<Box<dyn Val>>,
    place: OnceLock<Box<dyn Val>>,
    texts: OnceLock<Box<dyn Val>>,
    codes: OnceLock<Box<dyn Val>>,
    /// Values of the requests, in the order of `plans`.
    request_values: Vec<OnceLock<Box<dyn Val>>>,
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
            settings: OnceLock::new(),
            place: OnceLock::new(),
            texts: OnceLock::new(),
            codes: OnceLock::new(),
            request_values: plans.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    fn settings(&self) -> Value {
        let Environment { manifest, context, .. } = self;
        let labels = manifest.fields.iter().filter_map(|field| {
            let FieldKind::Lookup { .. } = field.kind else { return None };
            let label = context.settings.get(&label_key(&field.id));
            let label = label.map_or(Value::Null, |label| Value::from(label.as_str()));
            Some((lookup::label_variable(&field.id), label))
        });
        let labels: Vec<(String, Value)> = labels.collect();
        let labels = labels.iter().map(|(name, label)| (name.as_str(), label.clone()));
        cel_values::map(labels.chain(manifest.fields.iter().map(|field| {
            let setting = context.settings.get(&field.id).filter(|setting| !setting.is_empty());
            let setting = setting.or(field.default.as_ref());
            let value = match (&field.kind, setting) {
                (FieldKind::Toggle, setting) => {
                    Value::Bool(setting.is_some_and(|setting| setting == "true"))
                }
                (FieldKind::Number { .. }, Some(setting)) => {
                    cel_values::number(&Value::from(setting.as_str()))
                        .map_or(Value::Null, Value::Float)
                }
                (FieldKind::Date { .. }, Some(setting)) => {
                    let today = context.now.to_zoned(context.zone.clone()).date();
                    let day = DayBound::parse(setting).map(|bound| bound.day(today));
                    day.map_or(Value::Null, |day| Value::from(day.to_string()))
                }
                (_, Some(setting)) => Value::from(setting.as_str()),
                (_, None) => Value::Null,
            };
            (field.id.as_str(), value)
        })))
    }

    fn place(&self) -> Value {
        let Some(place) = self.context.place else { return Value::Null };
        let metres = |system| {
            let place = geography::from_wgs84(system, place.latitude, place.longitude);
            place.map_or((Value::Null, Value::Null), |(x, y)| {
                (Value::Float(x.round()), Value::Float(y.round()))
            })
        };
        let (x, y) = metres(Crs::Lambert72);
        let (rd_x, rd_y) = metres(Crs::Rd);
        cel_values::map(
            [
                ("postcode", Value::from(place.postcode.as_str())),
                ("locality", Value::from(place.locality.as_str())),
                ("municipality", Value::from(place.municipality.get(self.context.language))),
                ("municipality_nl", Value::from(place.municipality.nl.as_str())),
                ("nis", Value::from(place.nis.as_str())),
                ("province", Value::from(place.province.id())),
                ("latitude", Value::Float(place.latitude)),
                ("longitude", Value::Float(place.longitude)),
                ("lambert_x", x),
                ("lambert_y", y),
                ("rd_x", rd_x),
                ("rd_y", rd_y),
            ]
            .into_iter(),
        )
    }

    fn texts(&self) -> Value {
        let texts = self.vocabulary.texts.iter();
        cel_values::map(
            texts.map(|(id, text)| (id.as_str(), text.get(self.context.language).into())),
        )
    }

    fn codes(&self) -> Value {
        let codes = self.vocabulary.codes.iter();
        cel_values::map(codes.map(|(id, table)| (id.as_str(), table.value(self.context.language))))
    }

    fn request_value(&self, id: &str) -> Option<&dyn Val> {
        let at = self.plans.iter().position(|plan| plan.id == id)?;
        let responses = self.responses.get(id).map_or(&[][..], Vec::as_slice);
        Some(self.request_values.get(at)?.get_or_init(|| self.plans[at].value(responses)).as_ref())
    }
}

impl VariableResolver for Environment<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let lazy = |place: &'b OnceLock<Box<dyn Val>>, value: fn(&Self) -> Value| {
            place.get_or_init(|| cel_values::into_val(value(self))).as_ref()
        };
        Some(match name {
            "settings" => CowVal::Borrowed(lazy(&self.settings, Self::settings)),
            "place" => CowVal::Borrowed(lazy(&self.place, Self::place)),
            "texts" => CowVal::Borrowed(lazy(&self.texts, Self::texts)),
            "codes" => CowVal::Borrowed(lazy(&self.codes, Self::codes)),
            "language" => CowVal::owned(CelString::from(self.context.language.tag())),
            "now" => CowVal::owned(CelInt::from(self.context.now.as_second())),
            "today" => CowVal::owned(CelString::from(today(self.context.now, self.context.zone))),
            id => CowVal::Borrowed(self.request_value(id)?),
        })
    }
}

fn today(now: Timestamp, zone: &TimeZone) -> String {
    now.to_zoned(zone.clone()).date().to_string()
}
