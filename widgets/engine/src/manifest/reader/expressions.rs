//! The expressions of a manifest: each is compiled once, and every name in it must be declared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::Program;
use voordeur_widget_api::TimeDependence;

use super::let_cycles;
use super::schema::ExpressionSource;
use crate::manifest::error::ManifestError;
use crate::manifest::expression::{self, Compiled, Expression};
use crate::manifest::functions;
use crate::manifest::scope_names::{self, NameUse};

/// The names that a manifest declares.
#[derive(Default)]
pub struct DeclaredNames {
    pub requests: Vec<String>,
    pub fields: Vec<String>,
    pub texts: Vec<String>,
    pub codes: Vec<String>,
    pub bindings: Vec<String>,
}

/// The names that an expression reads, directly or through `[let]`.
#[derive(Clone, Default)]
pub struct Dependencies {
    pub names: BTreeSet<String>,
    pub fields: BTreeSet<String>,
}

/// The compiled expressions of a manifest, by source text.
#[derive(Default)]
pub struct Expressions {
    programs: BTreeMap<String, Compiled>,
    invalid: BTreeSet<String>,
    fields: Vec<String>,
    bindings: BTreeMap<String, Dependencies>,
}

impl Expressions {
    /// Compiles all expressions of a manifest and reports their errors.
    pub fn read(
        sources: &[ExpressionSource],
        declared: &DeclaredNames,
        errors: &mut Vec<ManifestError>,
    ) -> Self {
        let mut all = Expressions { fields: declared.fields.clone(), ..Expressions::default() };
        for source in sources {
            match expression::compile(&source.text) {
                Ok(compiled) => {
                    for (name_use, offset) in scope_names::uses(&compiled.syntax) {
                        if let Some(error) = check(&name_use, source, declared) {
                            errors.push(at_offset(error, source, offset));
                        }
                    }
                    all.programs.insert(source.text.clone(), compiled);
                }
                Err(error) => {
                    all.invalid.insert(source.text.clone());
                    let mut manifest_error = ManifestError::new(
                        &source.key,
                        format!("is not a valid expression: {}", error.message),
                    );
                    manifest_error.line = Some(source.line + error.line_offset);
                    errors.push(manifest_error);
                }
            }
        }
        all.resolve_bindings(sources);
        let_cycles::check(sources, |text| all.direct(text).names, errors);
        all
    }

    /// Computes the transitive dependencies of each name in `[let]`.
    fn resolve_bindings(&mut self, sources: &[ExpressionSource]) {
        let named: BTreeMap<&str, &ExpressionSource> = sources
            .iter()
            .filter_map(|source| Some((source.key.strip_prefix("let.")?, source)))
            .collect();
        let direct: BTreeMap<&str, Dependencies> =
            named.iter().map(|(name, source)| (*name, self.direct(&source.text))).collect();
        for name in named.keys() {
            let mut dependencies = Dependencies::default();
            let (mut seen, mut pending) = (BTreeSet::new(), vec![*name]);
            while let Some(direct) = pending.pop().and_then(|next| direct.get(next)) {
                dependencies.names.extend(direct.names.iter().cloned());
                dependencies.fields.extend(direct.fields.iter().cloned());
                let read = direct.names.iter();
                let read = read.filter_map(|name| Some(*named.get_key_value(name.as_str())?.0));
                pending.extend(read.filter(|name| seen.insert(*name)));
            }
            self.bindings.insert((*name).to_owned(), dependencies);
        }
    }

    /// Direct dependencies of an expression.
    fn direct(&self, source: &str) -> Dependencies {
        let mut dependencies = Dependencies::default();
        let Some(compiled) = self.programs.get(source) else { return dependencies };
        self.add_uses(&compiled.syntax, &mut dependencies);
        dependencies
    }

    fn add_uses(&self, program: &Program, dependencies: &mut Dependencies) {
        let mut whole_settings = 0;
        for (name_use, _) in scope_names::uses(program) {
            match name_use {
                NameUse::Variable(name) => {
                    whole_settings += i32::from(name == "settings");
                    dependencies.names.insert(name);
                }
                NameUse::Member { of, name } if of == "settings" => {
                    whole_settings -= 1;
                    dependencies.fields.insert(name);
                }
                NameUse::Member { .. } | NameUse::Function { .. } => {}
            }
        }
        if whole_settings > 0 {
            // The whole map is read, or a key that is computed at run time.
            dependencies.fields.extend(self.fields.iter().cloned());
        }
    }

    /// The names that an expression reads, directly or through `[let]`.
    pub fn dependencies(&self, source: &str) -> Dependencies {
        self.with_binding_dependencies(self.direct(source))
    }

    fn with_binding_dependencies(&self, mut dependencies: Dependencies) -> Dependencies {
        for name in dependencies.names.clone() {
            if let Some(through) = self.bindings.get(&name) {
                dependencies.names.extend(through.names.iter().cloned());
                dependencies.fields.extend(through.fields.iter().cloned());
            }
        }
        // A declared name is replaced by its own dependencies.
        dependencies.names.retain(|name| !self.bindings.contains_key(name));
        dependencies
    }

    /// How precisely the expressions read the clock.
    pub fn clock(&self) -> TimeDependence {
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

    /// The compiled expression with this source. An invalid expression, which is already reported,
    /// becomes `null`; an expression of a connector is compiled here.
    pub fn get(&self, key: &str, source: &str) -> Result<Expression, ManifestError> {
        let mut dependencies = Dependencies::default();
        let node = match self.programs.get(source) {
            Some(compiled) => {
                self.add_uses(&compiled.syntax, &mut dependencies);
                Arc::clone(&compiled.node)
            }
            None => {
                let source = if self.invalid.contains(source) { "null" } else { source };
                let compiled = expression::compile(source).map_err(|error| {
                    let message = format!("is not a valid expression: {}", error.message);
                    ManifestError::new(key, message)
                })?;
                self.add_uses(&compiled.syntax, &mut dependencies);
                compiled.node
            }
        };
        let dependencies = self.with_binding_dependencies(dependencies);
        Ok(Expression::new(key, source, node, dependencies.names, dependencies.fields))
    }
}

/// Sets the line to that of a byte offset in an expression.
fn at_offset(mut error: ManifestError, source: &ExpressionSource, offset: usize) -> ManifestError {
    let breaks = source.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    error.line = Some(source.line + breaks);
    error
}

/// Checks the use of a name.
fn check(
    name_use: &NameUse,
    source: &ExpressionSource,
    declared: &DeclaredNames,
) -> Option<ManifestError> {
    let error = |message: String| Some(ManifestError::new(&source.key, message));
    match name_use {
        NameUse::Variable(name) => {
            let global = scope_names::GLOBAL.iter().map(|name| name.name);
            let own = declared.requests.iter().chain(&declared.bindings).chain(&source.names);
            let mut all: Vec<&str> = global.chain(own.map(String::as_str)).collect();
            if source.in_each {
                all.extend(scope_names::PER_ITEM.iter().map(|name| name.name));
            }
            if all.contains(&name.as_str()) {
                return None;
            }
            if scope_names::PER_ITEM.iter().any(|repeated| repeated.name == name) {
                return error(format!("`{name}` is available only inside `each`"));
            }
            let message =
                format!("`{name}` is not a request, a name in `[let]` or a built-in name");
            Some(error(message)?.nearest(name, all))
        }
        NameUse::Member { of, name } => {
            let place: Vec<String>;
            let (ids, problem) = match of.as_str() {
                "settings" => (&declared.fields, "is not the id of a `[[field]]`"),
                "texts" => (&declared.texts, "is not in `[texts]`"),
                "codes" => (&declared.codes, "is not a table in `[codes]`"),
                "place" => {
                    place = scope_names::PLACE.iter().map(|name| name.name.to_owned()).collect();
                    (&place, "is not a member of `place`")
                }
                _ => return None,
            };
            if ids.contains(name) {
                return None;
            }
            let message = format!("`{of}.{name}`: `{name}` {problem}");
            Some(error(message)?.nearest(name, ids.iter().map(String::as_str)))
        }
        NameUse::Function { name, arguments, method } => {
            check_call(name, *arguments, *method, source)
        }
    }
}

/// Checks a function call.
fn check_call(
    name: &str,
    arguments: usize,
    method: bool,
    source: &ExpressionSource,
) -> Option<ManifestError> {
    let error = |message: String| Some(ManifestError::new(&source.key, message));
    if let Some((_, signature)) = scope_names::CEL_MACROS.iter().find(|(known, _)| *known == name) {
        return error(format!("`{name}` is written `{signature}`"));
    }
    let cel_function =
        scope_names::CEL_FUNCTIONS.iter().find(|own| own.name == name && own.method == method);
    let (signature, min_args, max_args) = if let Some(own) = cel_function {
        (own.signature, own.arguments, own.arguments)
    } else if let Some(function) = functions::all().find(|function| function.name() == name) {
        if method {
            return error(format!("`{name}` is not a method: write `{}`", function.signature));
        }
        (function.signature, function.min_args, function.max_args)
    } else {
        let own = functions::all().map(|function| function.name());
        let all = own.chain(scope_names::CEL_FUNCTIONS.iter().map(|own| own.name));
        let all = all.chain(scope_names::CEL_MACROS.iter().map(|(name, _)| *name));
        return Some(error(format!("there is no function `{name}`"))?.nearest(name, all));
    };
    if arguments >= min_args && arguments <= max_args {
        return None;
    }
    let takes = if min_args == max_args {
        min_args.to_string()
    } else if max_args == usize::MAX {
        format!("at least {min_args}")
    } else {
        format!("{min_args} to {max_args}")
    };
    error(format!("`{signature}` takes {takes} arguments, not {arguments}"))
}
