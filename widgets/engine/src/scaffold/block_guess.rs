//! Guesses the block that shows a list of records: `series`, `moments`, `places`, `alert` or
//! `list`.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::Value;

use super::date_formats::{self, DateFormat};
use super::field_roles::{FieldRoles, SEVERITIES, is_severity};
use super::record_fields::{self, Field, number};
use super::{ScaffoldError, quoted, texts};

/// A block for a list of records.
pub struct BlockGuess {
    /// TOML of the block.
    pub block: String,
    /// Indices of the records that the block shows.
    pub shown: Vec<usize>,
}

/// A list of records, and its position in the response.
pub struct RecordList<'a> {
    /// Path of the list, as `at` takes it; empty for the root.
    pub path: &'a str,
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

impl RecordList<'_> {
    /// Guesses the block. `simplification` 0 uses all recognised fields, 1 only the required ones,
    /// 2 gives a list of titles.
    ///
    /// # Errors
    /// When no field is a text.
    pub fn guess(&self, simplification: u8) -> Result<BlockGuess, ScaffoldError> {
        let all = record_fields::of(self.list);
        let found = FieldRoles::of(&all, self.list)?;
        let mut keys: Vec<(&str, String)> = Vec::new();
        let mut required = vec![required_text(found.title)];
        let mut comment = String::new();
        let date = |field: &Field<'_>, kind: DateFormat| kind.read(&path(field));
        let kind = match &found {
            FieldRoles { severity: Some(severity), .. } if simplification < 2 => {
                keys.push(("severity", format!("lower({})", path(severity))));
                let item = path(severity);
                let four = SEVERITIES.map(|word| format!("'{word}'")).join(", ");
                required.push(RequiredKey {
                    field: severity,
                    fits: Box::new(is_severity),
                    condition: format!("lower(coalesce({item}, '')) in [{four}]"),
                });
                "alert"
            }
            FieldRoles { series: Some((field, at, value)), .. } if simplification < 2 => {
                keys.push(("unit", "'TODO unit'".to_owned()));
                keys.push(("at", date(field, *at)));
                keys.push(("value", format!("number({})", path(value))));
                required = vec![required_date(field, *at), required_number(value)];
                "series"
            }
            FieldRoles { position: Some((latitude, longitude)), .. } if simplification < 2 => {
                let (centre, radius) = circle(latitude, longitude, self.list);
                comment.push_str("# The circle around all of them: use the citizen's place when the card asks for one.\n");
                keys.push(("centre", format!("[{:?}, {:?}]", centre.0, centre.1)));
                keys.push(("radius", format!("{radius:?}")));
                keys.push(("latitude", format!("number({})", path(latitude))));
                keys.push(("longitude", format!("number({})", path(longitude))));
                required.extend([required_number(latitude), required_number(longitude)]);
                "places"
            }
            FieldRoles { start: Some((field, at)), .. } if simplification < 2 => {
                keys.push(("start", date(field, *at)));
                required.push(required_date(field, *at));
                "moments"
            }
            _ => "list",
        };
        if kind != "series" {
            keys.push(("title", words(found.title)));
        }
        if simplification == 0 && kind != "series" {
            found.add_optional_keys(kind, &mut keys);
        }

        let mut conditions = Vec::new();
        let mut shown: Vec<usize> = (0..self.list.len()).collect();
        for one in &required {
            let fits = |record: &Value| one.field.of(record).is_some_and(|value| (one.fits)(value));
            if !self.list.iter().all(fits) {
                conditions.push(one.condition.clone());
                shown.retain(|at| fits(&self.list[*at]));
            }
        }
        let mut order = String::new();
        match kind {
            "moments" => {
                let (start, at) = found.start.ok_or(ScaffoldError::NoTitle)?;
                let ends = |record: &Value| {
                    let end =
                        found.end.and_then(|(end, kind)| date_formats::day(end.of(record)?, kind));
                    end.or_else(|| date_formats::day(start.of(record)?, at))
                };
                let read = |(field, kind): (&Field<'_>, DateFormat)| match kind.is_moment() {
                    true => format!("day({})", date(field, kind)),
                    false => date(field, kind),
                };
                let last = match found.end {
                    Some(end) => format!("coalesce({}, {})", read(end), read((start, at))),
                    None => read((start, at)),
                };
                let comes = |record: &Value| ends(record).is_some_and(|day| day >= self.today);
                let _ = writeln!(order, "sort = {}", quoted(&date(start, at)));
                if shown.iter().any(|index| comes(&self.list[*index])) {
                    conditions.push(format!("{last} >= today"));
                    shown.retain(|index| comes(&self.list[*index]));
                } else {
                    order.push_str("descending = true\n");
                }
            }
            "list" | "places" => {
                let key = keys.iter().find(|(key, _)| matches!(*key, "at" | "start"));
                if let Some((_, key)) = key {
                    let _ = writeln!(order, "sort = {}\ndescending = true", quoted(key));
                }
            }
            _ => {}
        }

        let each = match self.path {
            "" => "list(answer)".to_owned(),
            path => format!("list(at(answer, '{path}'))"),
        };
        if !self.alternatives.is_empty() {
            let _ = writeln!(comment, "# The same stands in: {}.", self.alternatives.join(", "));
        }
        let mut block =
            format!("{comment}[[view.block]]\nkind = \"{kind}\"\neach = {}\n", quoted(&each));
        if !conditions.is_empty() {
            let _ = writeln!(block, "keep = {}", quoted(&conditions.join(" && ")));
        }
        block.push_str(&order);
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
        Ok(BlockGuess { block, shown })
    }
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
        format!("coalesce({}, '') != ''", path(field))
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
