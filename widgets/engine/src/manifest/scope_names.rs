//! The names that an expression uses, and the variables and CEL functions that exist.

use cel::Program;
use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr, LiteralValue};

/// A variable of the expression language, for validation and the reference.
pub struct ScopeVariable {
    pub name: &'static str,
    pub description: &'static str,
}

/// Variables of every expression.
pub const GLOBAL: &[ScopeVariable] = &[
    ScopeVariable {
        name: "settings",
        description: "the citizen's answers to the fields, as `settings.ID`: text, number, `true`/`false`; `null` when open and without default",
    },
    ScopeVariable {
        name: "place",
        description: "the place the card is about, or `null`; see below",
    },
    ScopeVariable { name: "language", description: "`'nl'`, `'fr'`, `'de'` or `'en'`" },
    ScopeVariable { name: "now", description: "a moment: seconds since 1970 (UTC)" },
    ScopeVariable { name: "today", description: "a day: text `'YYYY-MM-DD'`" },
    ScopeVariable {
        name: "texts",
        description: "the widget's own texts, in the citizen's language, as `texts.ID`",
    },
    ScopeVariable {
        name: "codes",
        description: "the tables of `[codes.ID]`, for `code`, `severity` and `tone`",
    },
];

/// Variables inside of what is repeated with `each`.
pub const PER_ITEM: &[ScopeVariable] = &[
    ScopeVariable {
        name: "item",
        description: "inside what is repeated with `each`: the thing itself",
    },
    ScopeVariable { name: "index", description: "its number, from 0" },
];

/// Variable of `pages.next`.
pub const PAGE: ScopeVariable =
    ScopeVariable { name: "page", description: "in `pages.next`: the page before" };

/// Variables of a lookup.
pub const LOOKUP: &[ScopeVariable] = &[
    ScopeVariable {
        name: "typed",
        description: "in `[field.lookup]`: what the citizen typed so far",
    },
    ScopeVariable { name: "answer", description: "in `[field.lookup]`: what the service said" },
];

/// Members of `place`.
pub const PLACE: &[ScopeVariable] = &[
    ScopeVariable { name: "postcode", description: "text" },
    ScopeVariable { name: "locality", description: "the name that goes with the postcode" },
    ScopeVariable { name: "municipality", description: "in the citizen's language" },
    ScopeVariable { name: "municipality_nl", description: "in Dutch" },
    ScopeVariable { name: "nis", description: "the municipality's code at Statbel, text" },
    ScopeVariable {
        name: "province",
        description: "`'antwerpen'`, `'brussel'`, `'luik'` and so on",
    },
    ScopeVariable { name: "latitude", description: "WGS84, degrees" },
    ScopeVariable { name: "longitude", description: "WGS84, degrees" },
    ScopeVariable { name: "lambert_x", description: "Belgian Lambert 72, metres" },
    ScopeVariable { name: "lambert_y", description: "Belgian Lambert 72, metres" },
    ScopeVariable { name: "rd_x", description: "Dutch RD, metres" },
    ScopeVariable { name: "rd_y", description: "Dutch RD, metres" },
];

/// A function or method of CEL itself.
pub struct CelFunction {
    pub signature: &'static str,
    pub name: &'static str,
    /// Number of arguments, without the receiver of a method.
    pub arguments: usize,
    pub method: bool,
}

/// The CEL functions that expressions can use.
pub const CEL_FUNCTIONS: &[CelFunction] = &[
    CelFunction { signature: "size(x)", name: "size", arguments: 1, method: false },
    CelFunction { signature: "string(x)", name: "string", arguments: 1, method: false },
    CelFunction { signature: "int(x)", name: "int", arguments: 1, method: false },
    CelFunction { signature: "double(x)", name: "double", arguments: 1, method: false },
    CelFunction { signature: "x.contains('…')", name: "contains", arguments: 1, method: true },
    CelFunction {
        signature: "x.startsWith('…')", name: "startsWith", arguments: 1, method: true
    },
    CelFunction { signature: "x.endsWith('…')", name: "endsWith", arguments: 1, method: true },
    CelFunction { signature: "x.size()", name: "size", arguments: 0, method: true },
];

/// CEL expands macros when it parses an expression; one that is left has wrong arguments.
pub const CEL_MACROS: &[(&str, &str)] = &[
    ("has", "has(x.y)"),
    ("map", "x.map(v, …)"),
    ("filter", "x.filter(v, …)"),
    ("exists", "x.exists(v, …)"),
    ("exists_one", "x.exists_one(v, …)"),
    ("all", "x.all(v, …)"),
];

/// A use of a name in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameUse {
    /// A variable that the expression does not bind itself.
    Variable(String),
    Member {
        of: String,
        name: String,
    },
    Function {
        name: String,
        arguments: usize,
        method: bool,
    },
}

/// The names used in a program, each with its byte offset in the source.
pub fn uses(program: &Program) -> Vec<(NameUse, usize)> {
    let mut visitor = NameUseVisitor { bound: Vec::new(), uses_found: Vec::new() };
    visitor.visit(program.expression());
    let info = program.source_info();
    let place = |id| info.offset_for(id).map_or(0, |(start, _)| start as usize);
    visitor.uses_found.into_iter().map(|(name_use, id)| (name_use, place(id))).collect()
}

struct NameUseVisitor {
    bound: Vec<String>,
    uses_found: Vec<(NameUse, u64)>,
}

impl NameUseVisitor {
    fn free<'e>(&self, expression: &'e IdedExpr) -> Option<&'e str> {
        let Expr::Ident(name) = &expression.expr else { return None };
        let name = name.strip_prefix('.').unwrap_or(name);
        (!name.starts_with('@') && !self.bound.iter().any(|bound| bound == name)).then_some(name)
    }

    fn member(&mut self, operand: &IdedExpr, name: &str, id: u64) {
        if let Some(of) = self.free(operand) {
            let name_use = NameUse::Member { of: of.to_owned(), name: name.to_owned() };
            self.uses_found.push((name_use, id));
        }
    }

    fn visit(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(_) => {
                if let Some(name) = self.free(expression) {
                    self.uses_found.push((NameUse::Variable(name.to_owned()), expression.id));
                }
            }
            Expr::Select(select) => {
                self.member(&select.operand, &select.field, select.operand.id);
                self.visit(&select.operand);
            }
            Expr::Call(call) => {
                if let ("_[_]", [whole, key]) = (call.func_name.as_str(), call.args.as_slice())
                    && let Expr::Literal(LiteralValue::String(name)) = &key.expr
                {
                    self.member(whole, name.inner(), whole.id);
                }
                if call.func_name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    let name_use = NameUse::Function {
                        name: call.func_name.clone(),
                        arguments: call.args.len(),
                        method: call.target.is_some(),
                    };
                    // The offset of a method call is that of its `(`.
                    self.uses_found.push((name_use, expression.id));
                }
                if let Some(target) = &call.target {
                    self.visit(target);
                }
                for value in &call.args {
                    self.visit(value);
                }
            }
            Expr::Comprehension(comprehension) => {
                self.visit(&comprehension.iter_range);
                self.visit(&comprehension.accu_init);
                let before = self.bound.len();
                self.bound.push(comprehension.iter_var.clone());
                self.bound.extend(comprehension.iter_var2.clone());
                self.bound.push(comprehension.accu_var.clone());
                self.visit(&comprehension.loop_cond);
                self.visit(&comprehension.loop_step);
                self.visit(&comprehension.result);
                self.bound.truncate(before);
            }
            Expr::List(list) => {
                for element in &list.elements {
                    self.visit(element);
                }
            }
            Expr::Map(map) => self.visit_entries(&map.entries),
            Expr::Struct(whole) => self.visit_entries(&whole.entries),
        }
    }

    fn visit_entries(&mut self, entries: &[IdedEntryExpr]) {
        for entry in entries {
            match &entry.expr {
                EntryExpr::StructField(field) => self.visit(&field.value),
                EntryExpr::MapEntry(entry) => {
                    self.visit(&entry.key);
                    self.visit(&entry.value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses_in(source: &str) -> Vec<(NameUse, usize)> {
        uses(&Program::compile(source).expect("compiles"))
    }

    #[test]
    fn bound_variables_are_no_uses_of_names() {
        let uses_found = uses_in("things.filter(t, t.a == limit && t.exists(limit, limit > 1))");
        let variables: Vec<&str> = uses_found
            .iter()
            .filter_map(|(name_use, _)| match name_use {
                NameUse::Variable(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(variables, ["things", "limit"]);
    }

    #[test]
    fn members_are_found_however_they_are_written() {
        for source in ["settings.town", "settings['town']", "has(settings.town)"] {
            let member = NameUse::Member { of: "settings".to_owned(), name: "town".to_owned() };
            assert!(uses_in(source).iter().any(|(name_use, _)| *name_use == member), "{source}");
        }
    }

    #[test]
    fn offsets_are_bytes_of_the_source() {
        let uses_found = uses_in("'é€' +\n  wrong");
        let [(NameUse::Variable(name), place)] = uses_found.as_slice() else {
            panic!("{uses_found:?}")
        };
        assert_eq!((name.as_str(), *place), ("wrong", "'é€' +\n  ".len()));
    }
}
