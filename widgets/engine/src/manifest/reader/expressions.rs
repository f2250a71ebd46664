//! The expressions of a manifest: each is read once, and every name in it must be known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::Program;
use voordeur_widget_api::TimeDependence;

use super::chains;
use super::shape::Source;
use crate::manifest::error::ManifestError;
use crate::manifest::expression::{self, Expression};
use crate::manifest::functions;
use crate::manifest::names::{self, Used};

/// The names that a manifest gives.
#[derive(Default)]
pub struct Known {
    /// Ids of requests.
    pub requests: Vec<String>,
    /// Ids of fields.
    pub fields: Vec<String>,
    /// Ids of texts.
    pub texts: Vec<String>,
    /// Ids of tables of codes.
    pub codes: Vec<String>,
    /// Names in `[let]`.
    pub lets: Vec<String>,
}

/// What an expression reads, itself or through `[let]`.
#[derive(Clone, Default)]
pub struct Reach {
    /// Variables.
    pub names: BTreeSet<String>,
    /// Ids of fields.
    pub fields: BTreeSet<String>,
}

/// The expressions of a manifest that could be read, by their source.
#[derive(Default)]
pub struct Expressions {
    programs: BTreeMap<String, Arc<Program>>,
    unreadable: BTreeSet<String>,
    fields: Vec<String>,
    lets: BTreeMap<String, Reach>,
}

impl Expressions {
    /// Reads all expressions of a manifest, and tells what is wrong with them.
    pub fn read(sources: &[Source], known: &Known, problems: &mut Vec<ManifestError>) -> Self {
        let mut all = Expressions { fields: known.fields.clone(), ..Expressions::default() };
        for source in sources {
            match expression::compile(&source.text) {
                Ok(program) => {
                    for (used, place) in names::uses(&program) {
                        if let Some(problem) = judge(&used, source, known) {
                            problems.push(at_place(problem, source, place));
                        }
                    }
                    all.programs.insert(source.text.clone(), Arc::new(program));
                }
                Err(error) => {
                    all.unreadable.insert(source.text.clone());
                    let mut problem = ManifestError::new(
                        &source.key,
                        format!("cannot be read as an expression: {}", error.what),
                    );
                    problem.line = Some(source.line + error.below);
                    problems.push(problem);
                }
            }
        }
        all.look_through_lets(sources);
        chains::judge(sources, |text| all.direct(text).names, problems);
        all
    }

    /// What each name in `[let]` reads in the end.
    fn look_through_lets(&mut self, sources: &[Source]) {
        let named: BTreeMap<&str, &Source> = sources
            .iter()
            .filter_map(|source| Some((source.key.strip_prefix("let.")?, source)))
            .collect();
        let direct: BTreeMap<&str, Reach> =
            named.iter().map(|(name, source)| (*name, self.direct(&source.text))).collect();
        for name in named.keys() {
            let mut reach = Reach::default();
            let (mut seen, mut open) = (BTreeSet::new(), vec![*name]);
            while let Some(direct) = open.pop().and_then(|next| direct.get(next)) {
                reach.names.extend(direct.names.iter().cloned());
                reach.fields.extend(direct.fields.iter().cloned());
                let read = direct.names.iter();
                let read = read.filter_map(|name| Some(*named.get_key_value(name.as_str())?.0));
                open.extend(read.filter(|name| seen.insert(*name)));
            }
            self.lets.insert((*name).to_owned(), reach);
        }
    }

    /// What an expression reads itself.
    fn direct(&self, source: &str) -> Reach {
        let mut reach = Reach::default();
        let Some(program) = self.programs.get(source) else { return reach };
        self.add_uses(program, &mut reach);
        reach
    }

    fn add_uses(&self, program: &Program, reach: &mut Reach) {
        let mut whole_settings = 0;
        for (used, _) in names::uses(program) {
            match used {
                Used::Variable(name) => {
                    whole_settings += i32::from(name == "settings");
                    reach.names.insert(name);
                }
                Used::Member { of, name } if of == "settings" => {
                    whole_settings -= 1;
                    reach.fields.insert(name);
                }
                Used::Member { .. } | Used::Function { .. } => {}
            }
        }
        if whole_settings > 0 {
            // It is read as a whole, or by a name that is only known later.
            reach.fields.extend(self.fields.iter().cloned());
        }
    }

    /// What an expression of the manifest reads, itself or through `[let]`.
    pub fn reach(&self, source: &str) -> Reach {
        self.through_lets(self.direct(source))
    }

    fn through_lets(&self, mut reach: Reach) -> Reach {
        for name in reach.names.clone() {
            if let Some(through) = self.lets.get(&name) {
                reach.names.extend(through.names.iter().cloned());
                reach.fields.extend(through.fields.iter().cloned());
            }
        }
        // A name of the manifest's own stands for what it is made of, and for nothing else.
        reach.names.retain(|name| !self.lets.contains_key(name));
        reach
    }

    /// What the expressions of the manifest read of the clock.
    pub fn time_dependence(&self) -> TimeDependence {
        let mut sources = self.programs.keys();
        let reads = |name: &str, source: &String| self.direct(source).names.contains(name);
        if sources.clone().any(|source| reads("now", source)) {
            TimeDependence::Moment
        } else if sources.any(|source| reads("today", source)) {
            TimeDependence::Day
        } else {
            TimeDependence::Never
        }
    }

    /// The expression with this source. One of the manifest that could not be read, which is told already, gives nothing; one that a
    /// connector brings is read here.
    pub fn get(&self, key: &str, source: &str) -> Result<Expression, ManifestError> {
        let program = match self.programs.get(source) {
            Some(program) => Arc::clone(program),
            None => {
                let source = if self.unreadable.contains(source) { "null" } else { source };
                Arc::new(expression::compile(source).map_err(|error| {
                    let what = format!("cannot be read as an expression: {}", error.what);
                    ManifestError::new(key, what)
                })?)
            }
        };
        let mut reach = Reach::default();
        self.add_uses(&program, &mut reach);
        let reach = self.through_lets(reach);
        Ok(Expression::new(key, source, program, reach.names, reach.fields))
    }
}

/// A problem at a place in an expression, counted in bytes.
fn at_place(mut problem: ManifestError, source: &Source, place: usize) -> ManifestError {
    let breaks = source.text.bytes().take(place).filter(|byte| *byte == b'\n').count();
    problem.line = Some(source.line + breaks);
    problem
}

/// What is wrong with the use of a name.
fn judge(used: &Used, source: &Source, known: &Known) -> Option<ManifestError> {
    let problem = |what: String| Some(ManifestError::new(&source.key, what));
    match used {
        Used::Variable(name) => {
            let everywhere = names::EVERYWHERE.iter().map(|name| name.written);
            let own = known.requests.iter().chain(&known.lets).chain(&source.names);
            let mut all: Vec<&str> = everywhere.chain(own.map(String::as_str)).collect();
            if source.thing {
                all.extend(names::REPEATED.iter().map(|name| name.written));
            }
            if all.contains(&name.as_str()) {
                return None;
            }
            if names::REPEATED.iter().any(|repeated| repeated.written == name) {
                return problem(format!(
                    "`{name}` is known only inside of what is repeated with `each`"
                ));
            }
            let what = format!(
                "`{name}` is no request, no name of `[let]` and none of the names that are always known"
            );
            Some(problem(what)?.nearest(name, all))
        }
        Used::Member { of, name } => {
            let place: Vec<String>;
            let (ids, where_it_should_be) = match of.as_str() {
                "settings" => (&known.fields, "is the id of no `[[field]]`"),
                "texts" => (&known.texts, "does not stand in `[texts]`"),
                "codes" => (&known.codes, "is no table of `[codes]`"),
                "place" => {
                    place = names::PLACE.iter().map(|name| name.written.to_owned()).collect();
                    (&place, "is not known of a place")
                }
                _ => return None,
            };
            if ids.contains(name) {
                return None;
            }
            let what = format!("`{of}.{name}`: `{name}` {where_it_should_be}");
            Some(problem(what)?.nearest(name, ids.iter().map(String::as_str)))
        }
        Used::Function { name, values, method } => function(name, *values, *method, source),
    }
}

/// What is wrong with a call.
fn function(name: &str, values: usize, method: bool, source: &Source) -> Option<ManifestError> {
    let problem = |what: String| Some(ManifestError::new(&source.key, what));
    if let Some((_, written)) = names::CEL_MACROS.iter().find(|(known, _)| *known == name) {
        return problem(format!("`{name}` is written `{written}`"));
    }
    let own_of_cel = names::CEL.iter().find(|own| own.name == name && own.method == method);
    let (written, least, most) = if let Some(own) = own_of_cel {
        (own.written, own.values, own.values)
    } else if let Some(function) = functions::all().find(|function| function.name() == name) {
        if method {
            return problem(format!(
                "`{name}` does not stand after a dot: write `{}`",
                function.written
            ));
        }
        (function.written, function.least, function.most)
    } else {
        let ours = functions::all().map(|function| function.name());
        let all = ours.chain(names::CEL.iter().map(|own| own.name));
        let all = all.chain(names::CEL_MACROS.iter().map(|(name, _)| *name));
        return Some(problem(format!("there is no function `{name}`"))?.nearest(name, all));
    };
    if values >= least && values <= most {
        return None;
    }
    let takes = if least == most {
        least.to_string()
    } else if most == usize::MAX {
        format!("at least {least}")
    } else {
        format!("{least} to {most}")
    };
    problem(format!("`{written}` takes {takes} of its values, not {values}"))
}
