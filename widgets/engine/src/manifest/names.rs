//! Which names an expression uses, and which names there are.

use cel::Program;
use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr, LiteralValue};

/// Something that expressions can read, and what it is.
pub struct Name {
    /// As it is written.
    pub written: &'static str,
    /// What it holds.
    pub what: &'static str,
}

/// What every expression can read.
pub const EVERYWHERE: &[Name] = &[
    Name {
        written: "settings",
        what: "the citizen's answers to the fields, as `settings.ID`: text, number, `true`/`false`; `null` when open and without default",
    },
    Name { written: "place", what: "the place the card is about, or `null`; see below" },
    Name { written: "language", what: "`'nl'`, `'fr'`, `'de'` or `'en'`" },
    Name { written: "now", what: "a moment: seconds since 1970 (UTC)" },
    Name { written: "today", what: "a day: text `'YYYY-MM-DD'`" },
    Name {
        written: "texts",
        what: "the widget's own texts, in the citizen's language, as `texts.ID`",
    },
    Name {
        written: "codes",
        what: "the tables of `[codes.ID]`, for `code`, `severity` and `tone`",
    },
];

/// What an expression can read inside of what is repeated.
pub const REPEATED: &[Name] = &[
    Name { written: "item", what: "inside what is repeated with `each`: the thing itself" },
    Name { written: "index", what: "its number, from 0" },
];

/// What an expression can read that gives the address of a next page.
pub const PAGE: Name = Name { written: "page", what: "in `pages.next`: the page before" };

/// What an expression can read that looks something up.
pub const LOOKUP: &[Name] = &[
    Name { written: "typed", what: "in `[field.lookup]`: what the citizen typed so far" },
    Name { written: "answer", what: "in `[field.lookup]`: what the service said" },
];

/// What is known of a place.
pub const PLACE: &[Name] = &[
    Name { written: "postcode", what: "text" },
    Name { written: "locality", what: "the name that goes with the postcode" },
    Name { written: "municipality", what: "in the citizen's language" },
    Name { written: "municipality_nl", what: "in Dutch" },
    Name { written: "nis", what: "the municipality's code at Statbel, text" },
    Name { written: "province", what: "`'antwerpen'`, `'brussel'`, `'luik'` and so on" },
    Name { written: "latitude", what: "WGS84, degrees" },
    Name { written: "longitude", what: "WGS84, degrees" },
    Name { written: "lambert_x", what: "Belgian Lambert 72, metres" },
    Name { written: "lambert_y", what: "Belgian Lambert 72, metres" },
    Name { written: "rd_x", what: "Dutch RD, metres" },
    Name { written: "rd_y", what: "Dutch RD, metres" },
];

/// A function or method of CEL itself.
pub struct OwnOfCel {
    /// As it is written.
    pub written: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How many values it takes, beside what stands before the dot.
    pub values: usize,
    /// Whether it is written after a dot.
    pub method: bool,
}

/// What expressions take from CEL.
pub const CEL: &[OwnOfCel] = &[
    OwnOfCel { written: "size(x)", name: "size", values: 1, method: false },
    OwnOfCel { written: "string(x)", name: "string", values: 1, method: false },
    OwnOfCel { written: "int(x)", name: "int", values: 1, method: false },
    OwnOfCel { written: "double(x)", name: "double", values: 1, method: false },
    OwnOfCel { written: "x.contains('…')", name: "contains", values: 1, method: true },
    OwnOfCel { written: "x.startsWith('…')", name: "startsWith", values: 1, method: true },
    OwnOfCel { written: "x.endsWith('…')", name: "endsWith", values: 1, method: true },
    OwnOfCel { written: "x.size()", name: "size", values: 0, method: true },
];

/// What CEL takes apart when it reads an expression; what is left of one was not written as it should be.
pub const CEL_MACROS: &[(&str, &str)] = &[
    ("has", "has(x.y)"),
    ("map", "x.map(v, …)"),
    ("filter", "x.filter(v, …)"),
    ("exists", "x.exists(v, …)"),
    ("exists_one", "x.exists_one(v, …)"),
    ("all", "x.all(v, …)"),
];

/// One use of a name in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Used {
    /// A variable that the expression does not bind itself.
    Variable(String),
    /// `of.name`.
    Member {
        /// The variable before the dot.
        of: String,
        /// What stands after it.
        name: String,
    },
    /// A function or method.
    Function {
        /// Its name.
        name: String,
        /// How many values it is given.
        values: usize,
        /// Whether it stands after a dot.
        method: bool,
    },
}

/// What is used in a program, each with its place in the source, in bytes.
pub fn uses(program: &Program) -> Vec<(Used, usize)> {
    let mut walk = Walk { bound: Vec::new(), found: Vec::new() };
    walk.expression(program.expression());
    let info = program.source_info();
    let place = |id| info.offset_for(id).map_or(0, |(start, _)| start as usize);
    walk.found.into_iter().map(|(used, id)| (used, place(id))).collect()
}

struct Walk {
    bound: Vec<String>,
    found: Vec<(Used, u64)>,
}

impl Walk {
    fn free<'e>(&self, expression: &'e IdedExpr) -> Option<&'e str> {
        let Expr::Ident(name) = &expression.expr else { return None };
        let name = name.strip_prefix('.').unwrap_or(name);
        (!name.starts_with('@') && !self.bound.iter().any(|bound| bound == name)).then_some(name)
    }

    fn member(&mut self, operand: &IdedExpr, name: &str, id: u64) {
        if let Some(of) = self.free(operand) {
            let used = Used::Member { of: of.to_owned(), name: name.to_owned() };
            self.found.push((used, id));
        }
    }

    fn expression(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(_) => {
                if let Some(name) = self.free(expression) {
                    self.found.push((Used::Variable(name.to_owned()), expression.id));
                }
            }
            Expr::Select(select) => {
                self.member(&select.operand, &select.field, select.operand.id);
                self.expression(&select.operand);
            }
            Expr::Call(call) => {
                if let ("_[_]", [whole, key]) = (call.func_name.as_str(), call.args.as_slice())
                    && let Expr::Literal(LiteralValue::String(name)) = &key.expr
                {
                    self.member(whole, name.inner(), whole.id);
                }
                if call.func_name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    let used = Used::Function {
                        name: call.func_name.clone(),
                        values: call.args.len(),
                        method: call.target.is_some(),
                    };
                    // The place of a method is that of its `(`; what stands before the dot begins it.
                    self.found.push((used, expression.id));
                }
                if let Some(target) = &call.target {
                    self.expression(target);
                }
                for value in &call.args {
                    self.expression(value);
                }
            }
            Expr::Comprehension(comprehension) => {
                self.expression(&comprehension.iter_range);
                self.expression(&comprehension.accu_init);
                let before = self.bound.len();
                self.bound.push(comprehension.iter_var.clone());
                self.bound.extend(comprehension.iter_var2.clone());
                self.bound.push(comprehension.accu_var.clone());
                self.expression(&comprehension.loop_cond);
                self.expression(&comprehension.loop_step);
                self.expression(&comprehension.result);
                self.bound.truncate(before);
            }
            Expr::List(list) => {
                for element in &list.elements {
                    self.expression(element);
                }
            }
            Expr::Map(map) => self.entries(&map.entries),
            Expr::Struct(whole) => self.entries(&whole.entries),
        }
    }

    fn entries(&mut self, entries: &[IdedEntryExpr]) {
        for entry in entries {
            match &entry.expr {
                EntryExpr::StructField(field) => self.expression(&field.value),
                EntryExpr::MapEntry(entry) => {
                    self.expression(&entry.key);
                    self.expression(&entry.value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(source: &str) -> Vec<(Used, usize)> {
        uses(&Program::compile(source).expect("compiles"))
    }

    #[test]
    fn what_an_expression_binds_itself_is_no_use_of_a_name() {
        let found = used("things.filter(t, t.a == limit && t.exists(limit, limit > 1))");
        let variables: Vec<&str> = found
            .iter()
            .filter_map(|(used, _)| match used {
                Used::Variable(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(variables, ["things", "limit"]);
    }

    #[test]
    fn members_are_found_however_they_are_written() {
        for source in ["settings.town", "settings['town']", "has(settings.town)"] {
            let member = Used::Member { of: "settings".to_owned(), name: "town".to_owned() };
            assert!(used(source).iter().any(|(used, _)| *used == member), "{source}");
        }
    }

    #[test]
    fn a_place_is_counted_in_the_source() {
        let found = used("'é€' +\n  wrong");
        let [(Used::Variable(name), place)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((name.as_str(), *place), ("wrong", "'é€' +\n  ".len()));
    }
}
