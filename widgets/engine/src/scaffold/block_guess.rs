//! Guesses the block that shows a list of records: `series`, `moments`, `places`, `alert` or
//! `list`.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::Value;
use voordeur_widget_api::Severity;

use super::date_formats::{self, DateFormat};
use super::field_roles::FieldRoles;
use super::record_fields::{self, Field, number};
use super::{ScaffoldError, quoted, texts};

/// A block for a list of records.
pub struct BlockGuess {
    /// TOML of the block.
    pub block: String,
    /// Indices of the records that the block shows.
    pub shown: Vec<usize>,
    /// Whether the block itself leaves out the other records, and counts them.
    pub omits: bool,
}

/// A list of records, and its position in the response.
pub struct RecordList<'a> {
    /// The expression for the list.
    pub each: &'a str,
    pub list: &'a [Value],
    /// Paths of equally good lists.
    pub alternatives: &'a [String],
    /// Date of the response.
    pub today: Date,
}

/// A required key of an item: its field, and the condition under which a record can be shown.
struct RequiredKey<'f, 'a> {
    field: &'f Field<'a>,
    fits: Box<dyn Fn(&Value) -> bool + 'f>,
    condition: String,
}

/// A guessed block under construction.
struct Draft<'f, 'a> {
    kind: &'static str,
    comment: String,
    keys: Vec<(&'static str, String)>,
    required: Vec<RequiredKey<'f, 'a>>,
}

impl RecordList<'_> {
    /// Guesses the block. `simplification` 0 uses all recognised fields, 1 only the required ones,
    /// 2 gives a list of titles.
    ///
    /// # Errors
    /// When no field is a text.
    pub fn guess(&self, simplification: u8) -> Result<BlockGuess, ScaffoldError> {
        let all = record_fields::of(self.list);
        let roles = FieldRoles::of(&all, self.list)?;
        let mut draft = if simplification < 2 {
            guess_alert(&roles)
                .or_else(|| guess_series(&roles))
                .or_else(|| self.guess_places(&roles))
                .or_else(|| guess_moments(&roles))
        } else {
            None
        }
        .unwrap_or_else(|| Draft::titled("list", &roles));
        if draft.kind != "series" {
            draft.keys.push(("title", words(roles.title)));
            if simplification == 0 {
                roles.add_optional_keys(draft.kind, &mut draft.keys);
            }
        }

        let mut conditions = Vec::new();
        let mut omits = false;
        let mut shown: Vec<usize> = (0..self.list.len()).collect();
        for key in &draft.required {
            let fits = |record: &Value| key.field.of(record).is_some_and(|value| (key.fits)(value));
            if !self.list.iter().all(fits) {
                // A map counts the things without a position itself.
                match draft.kind {
                    "places" => omits = true,
                    _ => conditions.push(key.condition.clone()),
                }
                shown.retain(|index| fits(&self.list[*index]));
            }
        }
        let order = match draft.kind {
            "moments" => self.order_moments(&roles, &mut conditions, &mut shown)?,
            "list" | "places" => newest_first(&draft.keys),
            _ => String::new(),
        };
        Ok(BlockGuess { block: self.toml(draft, &conditions, &order), shown, omits })
    }

    fn guess_places<'f, 'a>(&self, roles: &FieldRoles<'f, 'a>) -> Option<Draft<'f, 'a>> {
        let (latitude, longitude) = roles.position?;
        let (centre, radius) = circle(latitude, longitude, self.list);
        let mut draft = Draft::titled("places", roles);
        draft.comment.push_str(
            "# The circle around all of them: use the citizen's place when the card asks for one.\n",
        );
        draft.keys.push(("centre", format!("[{:?}, {:?}]", centre.0, centre.1)));
        draft.keys.push(("radius", format!("{radius:?}")));
        draft.keys.push(("latitude", format!("number({})", path(latitude))));
        draft.keys.push(("longitude", format!("number({})", path(longitude))));
        draft.required.extend([required_number(latitude), required_number(longitude)]);
        Some(draft)
    }

    /// Sorts by start. Past items are left out if there are future ones.
    fn order_moments(
        &self,
        roles: &FieldRoles<'_, '_>,
        conditions: &mut Vec<String>,
        shown: &mut Vec<usize>,
    ) -> Result<String, ScaffoldError> {
        let (start, format) = roles.start.ok_or(ScaffoldError::NoTitle)?;
        let last_day = |record: &Value| {
            let end =
                roles.end.and_then(|(end, format)| date_formats::day(end.of(record)?, format));
            end.or_else(|| date_formats::day(start.of(record)?, format))
        };
        let day = |(field, format): (&Field<'_>, DateFormat)| match format.is_moment() {
            true => format!("day({})", date(field, format)),
            false => date(field, format),
        };
        let last = match roles.end {
            Some(end) => format!("coalesce({}, {})", day(end), day((start, format))),
            None => day((start, format)),
        };
        let is_current = |record: &Value| last_day(record).is_some_and(|day| day >= self.today);
        let mut order = format!("sort = {}\n", quoted(&date(start, format)));
        if shown.iter().any(|index| is_current(&self.list[*index])) {
            conditions.push(format!("{last} >= today"));
            shown.retain(|index| is_current(&self.list[*index]));
        } else {
            order.push_str("descending = true\n");
        }
        Ok(order)
    }

    fn toml(&self, draft: Draft<'_, '_>, conditions: &[String], order: &str) -> String {
        let Draft { kind, mut comment, keys, .. } = draft;
        if !self.alternatives.is_empty() {
            let _ = writeln!(comment, "# The same stands in: {}.", self.alternatives.join(", "));
        }
        let mut block =
            format!("{comment}[[view.block]]\nkind = \"{kind}\"\neach = {}\n", quoted(self.each));
        if !conditions.is_empty() {
            let _ = writeln!(block, "keep = {}", quoted(&conditions.join(" && ")));
        }
        block.push_str(order);
        if kind != "series" {
            block.push_str("limit = 20\n");
        }
        let _ = writeln!(block, "empty = {}", texts("what to say when there is nothing."));
        if kind == "series" {
            let _ = writeln!(block, "label = {}", texts("what is measured"));
        }
        for (key, expression) in keys {
            let _ = writeln!(block, "{key} = {}", quoted(&expression));
        }
        block
    }
}

impl<'f, 'a> Draft<'f, 'a> {
    /// A block whose items need a title.
    fn titled(kind: &'static str, roles: &FieldRoles<'f, 'a>) -> Self {
        let required = vec![required_text(roles.title)];
        Draft { kind, comment: String::new(), keys: Vec::new(), required }
    }
}

fn guess_alert<'f, 'a>(roles: &FieldRoles<'f, 'a>) -> Option<Draft<'f, 'a>> {
    let severity = roles.severity?;
    let item = path(severity);
    let mut draft = Draft::titled("alert", roles);
    // Left out, a road that is closed for a reason of its own severity would be open.
    draft.comment.push_str(
        "# Any other word of the service counts as moderate: write how severe its own words are.\n\
        [codes.severity]\n",
    );
    for known in Severity::IDS {
        let _ = writeln!(draft.comment, "{known} = {{ severity = \"{known}\" }}");
    }
    draft.comment.push_str("other = { severity = \"moderate\" }\n\n");
    let words = format!("lower(string(coalesce({item}, 'other')))");
    draft.keys.push(("severity", format!("severity(codes.severity, {words})")));
    Some(draft)
}

fn guess_series<'f, 'a>(roles: &FieldRoles<'f, 'a>) -> Option<Draft<'f, 'a>> {
    let (moment, format, value) = roles.series?;
    Some(Draft {
        kind: "series",
        comment: String::new(),
        keys: vec![
            ("unit", "'TODO unit'".to_owned()),
            ("at", date(moment, format)),
            ("value", format!("number({})", path(value))),
        ],
        required: vec![required_date(moment, format), required_number(value)],
    })
}

fn guess_moments<'f, 'a>(roles: &FieldRoles<'f, 'a>) -> Option<Draft<'f, 'a>> {
    let (start, format) = roles.start?;
    let mut draft = Draft::titled("moments", roles);
    draft.keys.push(("start", date(start, format)));
    draft.required.push(required_date(start, format));
    Some(draft)
}

fn newest_first(keys: &[(&str, String)]) -> String {
    let moment = keys.iter().find(|(key, _)| matches!(*key, "at" | "start"));
    moment.map_or_else(String::new, |(_, moment)| {
        format!("sort = {}\ndescending = true\n", quoted(moment))
    })
}

/// The expression that parses the date of a field.
fn date(field: &Field<'_>, format: DateFormat) -> String {
    format.read(&path(field))
}

/// The expression that reads a field.
pub fn path(field: &Field<'_>) -> String {
    format!("at(item, '{}')", field.path)
}

/// The expression for the text of a field: in the citizen's language, without markup.
pub fn words(field: &Field<'_>) -> String {
    let item = path(field);
    if field.translated {
        return format!("translated({item})");
    }
    let marked = |value: &&Value| {
        value
            .as_str()
            .is_some_and(|text| text.contains('<') || (text.contains('&') && text.contains(';')))
    };
    if field.values.iter().any(marked) { format!("plain({item})") } else { item }
}

fn required_text<'f, 'a>(field: &'f Field<'a>) -> RequiredKey<'f, 'a> {
    let condition = if field.translated {
        format!("translated({}) != null", path(field))
    } else {
        format!("{0} != null && {0} != ''", path(field))
    };
    RequiredKey { field, fits: Box::new(|value| field.translated || value.is_string()), condition }
}

fn required_number<'f, 'a>(field: &'f Field<'a>) -> RequiredKey<'f, 'a> {
    let condition = format!("number({}) != null", path(field));
    RequiredKey { field, fits: Box::new(|value| number(value).is_some()), condition }
}

fn required_date<'f, 'a>(field: &'f Field<'a>, kind: DateFormat) -> RequiredKey<'f, 'a> {
    let condition = format!("{} != null", kind.read(&path(field)));
    let fits = move |value: &Value| {
        date_formats::kind(value, &field.name)
            .is_some_and(|found| found == kind || kind == DateFormat::Day)
    };
    RequiredKey { field, fits: Box::new(fits), condition }
}

/// Centre of all positions, and the radius to the farthest, rounded up to kilometres, in metres.
fn circle(latitude: &Field<'_>, longitude: &Field<'_>, records: &[Value]) -> ((f64, f64), f64) {
    let middle = |field: &Field<'_>| {
        let numbers = records.iter().filter_map(|record| number(field.of(record)?));
        let (least, most) = numbers.fold((f64::MAX, f64::MIN), |(least, most), number| {
            (least.min(number), most.max(number))
        });
        (((least + most) * 500.0).round() / 1_000.0, most - least)
    };
    let ((north, high), (east, wide)) = (middle(latitude), middle(longitude));
    // A degree of latitude is 111 km; a degree of longitude is shorter away from the equator.
    let wide = wide * north.to_radians().cos();
    let radius = (high.hypot(wide) * 111.2 / 2.0).ceil().clamp(1.0, 20_000.0);
    ((north, east), radius * 1_000.0)
}
