//! Evaluates compiled expressions in place, and charges each step of it to the budget of the card.
//! The semantics are those of CEL; `tests` compares them with the interpreter of `cel`.

use std::cmp::Ordering;

use voordeur_widget_api::Budget;

use super::eval_error::{Cause, EvalError, EvalResult};
use super::expression::Scope;
use super::functions::{Call, Function};
use super::program::{Arithmetic, Builtin, Comparison, Loop, LoopKind, Name, Node, Step};
use super::values::{Key, Kind, List, Map, Text, Value};

/// Memory of an item of a list that an expression makes.
const BYTES_PER_ITEM: usize = size_of::<Value<'static>>();
/// Memory of an entry of a map that an expression makes.
const BYTES_PER_ENTRY: usize = size_of::<(Key<'static>, Value<'static>)>();
/// Bytes of text that are read in one step.
pub const BYTES_PER_STEP: usize = 16;

/// The value of an expression in a scope.
#[cfg(test)]
pub fn evaluate<'v>(node: &Node, scope: &Scope<'_, 'v>) -> EvalResult<Value<'v>> {
    Evaluator::new(Some(scope), scope.budget()).value(node)
}

/// The same. In CEL, `error && false` is false: one operand makes up for an error in the other. Where
/// the value is true or false, such an error is returned, since it tells that a response was not
/// understood, and whatever is left out for it would be missed by nobody.
pub fn evaluate_strictly<'v>(node: &Node, scope: &Scope<'_, 'v>) -> EvalResult<Value<'v>> {
    let mut evaluator = Evaluator::new(Some(scope), scope.budget());
    let value = evaluator.value(node)?;
    match evaluator.absorbed {
        Some(error) if value.kind() == Kind::Bool => Err(error),
        _ => Ok(value),
    }
}

/// Whether an expression has a value without what is missing in the item: `at` of the item is an
/// error then, for which another operand may make up, or a default.
pub fn evaluate_without_gaps<'v>(node: &Node, scope: &Scope<'_, 'v>) -> EvalResult<Value<'v>> {
    let mut evaluator = Evaluator::new(Some(scope), scope.budget());
    evaluator.gaps_are_errors = true;
    evaluator.value(node)
}

/// The value of an expression that reads no names.
pub fn constant(node: &Node, budget: &Budget) -> EvalResult<Value<'static>> {
    Evaluator::new(None, budget).value(node)
}

/// The value at a step of a path: a key of a map, or an index of a list.
pub fn at_step<'v>(
    whole: &Value<'v>,
    key: &str,
    index: impl FnOnce() -> Option<usize>,
) -> Option<Value<'v>> {
    match whole {
        Value::Map(map) => map.get(key),
        Value::List(list) => list.get(index()?),
        _ => None,
    }
}

struct Evaluator<'s, 'v> {
    scope: Option<&'s Scope<'s, 'v>>,
    budget: &'s Budget,
    /// The current items of the enclosing loops.
    locals: Vec<Value<'v>>,
    /// The first error for which another operand has made up.
    absorbed: Option<EvalError>,
    /// Whether `at` of the item is an error where something is missing.
    gaps_are_errors: bool,
}

/// A value that is read at once, so that a constant need not be shared.
enum Operand<'n, 'v> {
    Constant(&'n Value<'v>),
    Made(Value<'v>),
}

impl<'v> std::ops::Deref for Operand<'_, 'v> {
    type Target = Value<'v>;

    fn deref(&self) -> &Value<'v> {
        match self {
            Operand::Constant(value) => value,
            Operand::Made(value) => value,
        }
    }
}

impl<'s, 'v> Evaluator<'s, 'v> {
    fn new(scope: Option<&'s Scope<'s, 'v>>, budget: &'s Budget) -> Self {
        Evaluator { scope, budget, locals: Vec::new(), absorbed: None, gaps_are_errors: false }
    }

    fn value(&mut self, node: &Node) -> EvalResult<Value<'v>> {
        self.budget.charge_steps(1)?;
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Local(depth) => Ok(self.locals.get(*depth).cloned().unwrap_or(Value::Null)),
            Node::Name(name) => match self.scope {
                Some(scope) => scope.variable(name),
                None => Err(Cause::Undeclared(String::new()).into()),
            },
            Node::Select(operand, field) => select(&*self.operand(operand)?, field),
            Node::Has(operand, field) => has(&*self.operand(operand)?, field),
            Node::Path(tree, path) => self.path(tree, path),
            Node::Index(pair) => {
                let [whole, index] = self.operands(pair)?;
                self::index(&whole, &index)
            }
            Node::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                if self.condition(condition)? { self.value(yes) } else { self.value(no) }
            }
            Node::And(pair) => self.logical(pair, false, "_&&_"),
            Node::Or(pair) => self.logical(pair, true, "_||_"),
            Node::Not(operand) => match &*self.operand(operand)? {
                Value::Bool(flag) => Ok(Value::Bool(!flag)),
                other => Err(EvalError::no_overload("!_", &[other.kind()])),
            },
            Node::Negate(operand) => negated(&*self.operand(operand)?),
            Node::Equal(pair) => {
                let [left, right] = self.operands(pair)?;
                Ok(Value::Bool(left.equals(&right, self.budget)?))
            }
            Node::Unequal(pair) => {
                let [left, right] = self.operands(pair)?;
                Ok(Value::Bool(!left.equals(&right, self.budget)?))
            }
            Node::Compare(comparison, pair) => {
                let [left, right] = self.operands(pair)?;
                self.compare(*comparison, &left, &right)
            }
            Node::In(pair) => {
                let [item, whole] = self.operands(pair)?;
                self.is_in(&item, &whole)
            }
            Node::Sum(terms) => self.sum(terms),
            Node::Arithmetic(operator, pair) => {
                let [left, right] = self.operands(pair)?;
                arithmetic(*operator, &left, &right)
            }
            Node::List(items) => self.list(items),
            Node::Map(entries) => self.map(entries),
            Node::Builtin(builtin, arguments) => self.builtin(*builtin, arguments),
            Node::Call(function, arguments) => self.call(function, arguments),
            Node::Loop(node) => self.run(node),
            Node::Undeclared(name) => Err(Cause::Undeclared(name.to_string()).into()),
        }
    }

    fn operand<'n>(&mut self, node: &'n Node) -> EvalResult<Operand<'n, 'v>> {
        match node {
            Node::Constant(value) => {
                self.budget.charge_steps(1)?;
                Ok(Operand::Constant(value))
            }
            other => Ok(Operand::Made(self.value(other)?)),
        }
    }

    fn operands<'n>(&mut self, pair: &'n [Node; 2]) -> EvalResult<[Operand<'n, 'v>; 2]> {
        let [left, right] = pair;
        Ok([self.operand(left)?, self.operand(right)?])
    }

    fn condition(&mut self, node: &Node) -> EvalResult<bool> {
        match self.value(node)? {
            Value::Bool(flag) => Ok(flag),
            other => Err(EvalError::unexpected(other.kind(), "bool")),
        }
    }

    /// A condition in which no operand makes up for an error in another.
    fn strict_condition(&mut self, node: &Node) -> EvalResult<bool> {
        let before = self.absorbed.take();
        let holds = self.condition(node)?;
        match std::mem::replace(&mut self.absorbed, before) {
            Some(error) => Err(error),
            None => Ok(holds),
        }
    }

    fn path(&mut self, tree: &Node, path: &[Step]) -> EvalResult<Value<'v>> {
        let mut current = self.value(tree)?;
        self.budget.charge_steps(path.len())?;
        for step in path {
            match at_step(&current, &step.key, || step.index) {
                Some(next) => current = next,
                None if self.gaps_are_errors && reads_item(tree) => {
                    return Err(EvalError::no_such_key(&*step.key));
                }
                None => return Ok(Value::Null),
            }
        }
        Ok(current)
    }

    /// `&&` or `||`: one operand that decides makes up for an error in the other.
    fn logical(
        &mut self,
        pair: &[Node; 2],
        deciding: bool,
        operator: &'static str,
    ) -> EvalResult<Value<'v>> {
        let [left, right] = pair;
        let left = match self.condition(left) {
            Ok(flag) if flag == deciding => return Ok(Value::Bool(deciding)),
            Err(error) if error.is_final() => return Err(error),
            left => left,
        };
        let right = self.value(right)?;
        match (left, right) {
            (Ok(_), Value::Bool(flag)) => Ok(Value::Bool(flag)),
            (Err(error), Value::Bool(flag)) if flag == deciding => {
                self.absorbed.get_or_insert(error);
                Ok(Value::Bool(deciding))
            }
            (Ok(_), right) => Err(EvalError::no_overload(operator, &[Kind::Bool, right.kind()])),
            (Err(error), right) => Err(match error.into_cause() {
                Cause::UnexpectedType { got, want: "bool" } => {
                    EvalError::no_overload(operator, &[got, right.kind()])
                }
                cause => cause.into(),
            }),
        }
    }

    fn compare(
        &self,
        comparison: Comparison,
        left: &Value<'v>,
        right: &Value<'v>,
    ) -> EvalResult<Value<'v>> {
        let order = match (left, right) {
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
            (Value::Int(a), Value::Float(b)) => (*a as f64).partial_cmp(b),
            (Value::Float(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
            (Value::Text(a), Value::Text(b)) => {
                self.budget.charge_steps(a.len().min(b.len()) / BYTES_PER_STEP)?;
                Some(a.cmp(b))
            }
            _ => None,
        };
        let (operator, holds): (_, fn(Ordering) -> bool) = match comparison {
            Comparison::Less => ("_<_", Ordering::is_lt),
            Comparison::LessOrEqual => ("_<=_", Ordering::is_le),
            Comparison::Greater => ("_>_", Ordering::is_gt),
            Comparison::GreaterOrEqual => ("_>=_", Ordering::is_ge),
        };
        match order {
            Some(order) => Ok(Value::Bool(holds(order))),
            None => Err(EvalError::no_overload(operator, &[left.kind(), right.kind()])),
        }
    }

    fn is_in(&self, item: &Value<'v>, whole: &Value<'v>) -> EvalResult<Value<'v>> {
        match whole {
            Value::List(list) => {
                for other in list.iter() {
                    self.budget.charge_steps(1)?;
                    if other.equals(item, self.budget)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Ok(Value::Bool(false))
            }
            Value::Map(map) => match entry(map, item) {
                Some(found) => Ok(Value::Bool(found.is_some())),
                None => Err(EvalError::no_overload("@in", &[item.kind(), whole.kind()])),
            },
            other => Err(EvalError::no_overload("@in", &[item.kind(), other.kind()])),
        }
    }

    /// Adds terms from left to right. A text grows in one buffer.
    fn sum(&mut self, terms: &[Node]) -> EvalResult<Value<'v>> {
        let Some((first, rest)) = terms.split_first() else { return Ok(Value::Null) };
        let mut sum = self.value(first)?;
        let mut buffer: Option<String> = None;
        for term in rest {
            let term = self.operand(term)?;
            if let Value::Text(start) = &sum {
                let Value::Text(more) = &*term else {
                    return Err(Cause::Operator("add", Kind::String, term.kind()).into());
                };
                let mut text = match buffer.take() {
                    Some(text) => text,
                    None => {
                        self.budget.charge_bytes(start.len())?;
                        String::from(&**start)
                    }
                };
                self.budget.charge_bytes(more.len())?;
                text.push_str(more);
                buffer = Some(text);
            } else {
                sum = self.added(&sum, &term)?;
            }
        }
        Ok(buffer.map_or(sum, Value::text))
    }

    fn added(&self, left: &Value<'v>, right: &Value<'v>) -> EvalResult<Value<'v>> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => {
                a.checked_add(*b).map(Value::Int).ok_or_else(|| Cause::Overflow("add").into())
            }
            (Value::Float(a), Value::Float(b)) => Ok(Value::Float(a + b)),
            (Value::List(List::Absent), Value::List(List::Absent)) => Ok(Value::List(List::Absent)),
            (Value::List(a), Value::List(_) | Value::Map(_)) => {
                let b = self.items(right)?;
                self.budget.charge_bytes(BYTES_PER_ITEM.saturating_mul(a.len()))?;
                self.budget.charge_bytes(BYTES_PER_ITEM.saturating_mul(b.len()))?;
                Ok(Value::list(a.iter().chain(b.iter()).collect()))
            }
            _ => Err(Cause::Operator("add", left.kind(), right.kind()).into()),
        }
    }

    fn list(&mut self, nodes: &[Node]) -> EvalResult<Value<'v>> {
        self.budget.charge_bytes(BYTES_PER_ITEM.saturating_mul(nodes.len()))?;
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            items.push(self.value(node)?);
        }
        Ok(Value::list(items))
    }

    fn map(&mut self, nodes: &[(Node, Node)]) -> EvalResult<Value<'v>> {
        self.budget.charge_bytes(BYTES_PER_ENTRY.saturating_mul(nodes.len()))?;
        let mut entries = Vec::with_capacity(nodes.len());
        for (key, value) in nodes {
            let key = self.value(key)?;
            let key = Key::of(&key).ok_or_else(|| EvalError::from(Cause::NoKey(key.kind())))?;
            entries.push((key, self.value(value)?));
        }
        Map::unique(entries).map(Value::Map).map_err(|_| Cause::RepeatedKey.into())
    }

    fn builtin(&mut self, builtin: Builtin, nodes: &[Node]) -> EvalResult<Value<'v>> {
        match nodes {
            [node] => {
                let value = self.value(node)?;
                self.converted(builtin, value)
            }
            [receiver, argument] => {
                let (receiver, argument) = (self.operand(receiver)?, self.operand(argument)?);
                self.searched(builtin, &receiver, &argument)
            }
            _ => Err(Cause::Undeclared(String::new()).into()),
        }
    }

    fn converted(&self, builtin: Builtin, value: Value<'v>) -> EvalResult<Value<'v>> {
        let parse_error = |function, error: &dyn std::error::Error| {
            EvalError::function(function, format!("string parse error: {error}"))
        };
        match (builtin, value) {
            (Builtin::Size | Builtin::SizeMethod, Value::Text(text)) => {
                self.budget.charge_steps(text.len() / BYTES_PER_STEP)?;
                Ok(Value::Int(whole(text.chars().count())))
            }
            (Builtin::Size | Builtin::SizeMethod, Value::List(list)) => {
                Ok(Value::Int(whole(list.len())))
            }
            (Builtin::Size | Builtin::SizeMethod, Value::Map(map)) => {
                Ok(Value::Int(whole(map.len())))
            }
            (Builtin::String, value @ Value::Text(_)) => Ok(value),
            (Builtin::String, Value::Bool(flag)) => Ok(Value::text(flag.to_string())),
            (Builtin::String, Value::Int(whole)) => Ok(Value::text(whole.to_string())),
            (Builtin::String, Value::Float(float)) => Ok(Value::text(float.to_string())),
            (Builtin::Int, value @ Value::Int(_)) => Ok(value),
            (Builtin::Int, Value::Float(float)) => {
                if float > i64::MIN as f64 && float < i64::MAX as f64 {
                    Ok(Value::Int(float as i64))
                } else {
                    Err(EvalError::function("int", "integer overflow"))
                }
            }
            (Builtin::Int, Value::Text(text)) => {
                self.budget.charge_steps(text.len() / BYTES_PER_STEP)?;
                text.parse().map(Value::Int).map_err(|error| parse_error("int", &error))
            }
            (Builtin::Double, value @ Value::Float(_)) => Ok(value),
            (Builtin::Double, Value::Int(whole)) => Ok(Value::Float(whole as f64)),
            (Builtin::Double, Value::Text(text)) => {
                self.budget.charge_steps(text.len() / BYTES_PER_STEP)?;
                text.parse().map(Value::Float).map_err(|error| parse_error("double", &error))
            }
            (builtin, value) => {
                let (function, arguments) = (builtin.name(), vec![value.kind()]);
                let is_method = builtin == Builtin::SizeMethod;
                Err(Cause::NoOverload { function, arguments, is_method }.into())
            }
        }
    }

    fn searched(
        &self,
        builtin: Builtin,
        receiver: &Value<'v>,
        argument: &Value<'v>,
    ) -> EvalResult<Value<'v>> {
        let (Value::Text(text), Value::Text(part)) = (receiver, argument) else {
            let arguments = vec![receiver.kind(), argument.kind()];
            let function = builtin.name();
            return Err(Cause::NoOverload { function, arguments, is_method: true }.into());
        };
        Ok(Value::Bool(match builtin {
            Builtin::StartsWith => text.starts_with(&**part),
            Builtin::EndsWith => text.ends_with(&**part),
            _ => {
                self.budget.charge_steps(text.len() / BYTES_PER_STEP)?;
                text.contains(&**part)
            }
        }))
    }

    fn call(&mut self, function: &'static Function, nodes: &[Node]) -> EvalResult<Value<'v>> {
        let Some(scope) = self.scope else {
            return Err(Cause::Undeclared(function.name().to_owned()).into());
        };
        // It has a default for what is missing.
        let gaps_are_errors = self.gaps_are_errors;
        self.gaps_are_errors &= function.name() != "coalesce";
        let result = self.call_in(scope, function, nodes);
        self.gaps_are_errors = gaps_are_errors;
        result
    }

    fn call_in(
        &mut self,
        scope: &Scope<'_, 'v>,
        function: &'static Function,
        nodes: &[Node],
    ) -> EvalResult<Value<'v>> {
        let call = Call {
            language: scope.language,
            zone: scope.zone(),
            naive_zone: scope.naive_zone(),
            axis_order: scope.axis_order(),
            budget: self.budget,
        };
        match nodes {
            [a] => function.call(&call, &[self.value(a)?]),
            [a, b] => function.call(&call, &[self.value(a)?, self.value(b)?]),
            [a, b, c] => function.call(&call, &[self.value(a)?, self.value(b)?, self.value(c)?]),
            more => {
                let mut arguments = Vec::with_capacity(more.len());
                for node in more {
                    arguments.push(self.value(node)?);
                }
                function.call(&call, &arguments)
            }
        }
    }

    /// The items of a list, or the keys of a map.
    fn items(&self, value: &Value<'v>) -> EvalResult<List<'v>> {
        match value {
            Value::List(list) => Ok(list.clone()),
            Value::Map(map) => {
                self.budget.charge_bytes(BYTES_PER_ENTRY.saturating_mul(map.len()))?;
                let keys = map.entries().into_iter().map(|(key, _)| key.value());
                Ok(List::Values(keys.collect()))
            }
            other => Err(EvalError::unexpected(other.kind(), "iterable")),
        }
    }

    fn run(&mut self, node: &Loop) -> EvalResult<Value<'v>> {
        let range = self.value(&node.range)?;
        let items = self.items(&range)?;
        match node.kind {
            LoopKind::Map => self.run_map(node, &items),
            LoopKind::Exists => self.run_search(node, &items, true, "_||_"),
            LoopKind::All => self.run_search(node, &items, false, "_&&_"),
            LoopKind::ExistsOne => {
                let mut count = 0_usize;
                for item in items.iter() {
                    self.enter(node, item);
                    count = count.saturating_add(usize::from(self.condition(&node.body)?));
                }
                Ok(Value::Bool(count == 1))
            }
        }
    }

    /// Binds the variable of a loop. What is left from a loop that ended with an error is dropped.
    fn enter(&mut self, node: &Loop, item: Value<'v>) {
        self.locals.truncate(node.local);
        self.locals.push(item);
    }

    fn run_map(&mut self, node: &Loop, items: &List<'v>) -> EvalResult<Value<'v>> {
        if let List::Absent = items {
            return Ok(Value::List(List::Absent));
        }
        let mut taken = Vec::new();
        for item in items.iter() {
            self.enter(node, item);
            if let Some(guard) = &node.guard
                && !self.strict_condition(guard)?
            {
                continue;
            }
            self.budget.charge_bytes(BYTES_PER_ITEM)?;
            taken.push(self.value(&node.body)?);
        }
        Ok(Value::list(taken))
    }

    /// `exists` or `all`: one item that decides makes up for errors in others.
    fn run_search(
        &mut self,
        node: &Loop,
        items: &List<'v>,
        deciding: bool,
        operator: &'static str,
    ) -> EvalResult<Value<'v>> {
        let mut pending: Option<EvalError> = None;
        for item in items.iter() {
            self.enter(node, item);
            match self.value(&node.body) {
                Ok(Value::Bool(flag)) if flag == deciding => {
                    // That one item is found needs no other; that all hold does.
                    if let (Some(error), LoopKind::All) = (pending, node.kind) {
                        self.absorbed.get_or_insert(error);
                    }
                    return Ok(Value::Bool(deciding));
                }
                Ok(Value::Bool(_)) => {}
                Ok(other) => {
                    let kinds = [Kind::Bool, other.kind()];
                    pending = Some(EvalError::no_overload(operator, &kinds));
                }
                Err(error) if error.is_final() => return Err(error),
                Err(error) => pending = Some(error),
            }
        }
        pending.map_or(Ok(Value::Bool(!deciding)), Err)
    }
}

impl Builtin {
    fn name(self) -> &'static str {
        match self {
            Builtin::Size | Builtin::SizeMethod => "size",
            Builtin::String => "string",
            Builtin::Int => "int",
            Builtin::Double => "double",
            Builtin::Contains => "contains",
            Builtin::StartsWith => "startsWith",
            Builtin::EndsWith => "endsWith",
        }
    }
}

/// Whether a node is the item, or a member of it.
fn reads_item(node: &Node) -> bool {
    match node {
        Node::Name(Name::Item) => true,
        Node::Select(operand, _) => reads_item(operand),
        _ => false,
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn select<'v>(whole: &Value<'v>, field: &str) -> EvalResult<Value<'v>> {
    match whole {
        Value::Map(map) => map.get(field).ok_or_else(|| EvalError::no_such_key(field)),
        other => Err(EvalError::no_overload("_._", &[other.kind(), Kind::String])),
    }
}

fn has<'v>(whole: &Value<'v>, field: &str) -> EvalResult<Value<'v>> {
    match whole {
        Value::Map(map) => Ok(Value::Bool(map.get(field).is_some())),
        other => Err(EvalError::no_overload("_._", &[other.kind(), Kind::String])),
    }
}

/// The entry of a map with a value as its key; the outer `None` when such a value is no key.
fn entry<'v>(map: &Map<'v>, key: &Value<'v>) -> Option<Option<Value<'v>>> {
    match key {
        Value::Float(float) => {
            Some(lossless(*float).and_then(|whole| map.get_key(&Key::Int(whole))))
        }
        Value::Text(text) => Some(map.get(text)),
        other => Some(map.get_key(&Key::of(other)?)),
    }
}

/// A whole number, when the conversion loses nothing.
fn lossless(float: f64) -> Option<i64> {
    let within = float > i64::MIN as f64 && float < i64::MAX as f64;
    let whole = float as i64;
    (within && whole as f64 == float).then_some(whole)
}

fn index<'v>(whole: &Value<'v>, index: &Value<'v>) -> EvalResult<Value<'v>> {
    let no_overload = || EvalError::no_overload("_[_]", &[whole.kind(), index.kind()]);
    match whole {
        Value::List(list) => {
            let at = match index {
                Value::Int(at) => *at,
                Value::Float(at) => lossless(*at)
                    .ok_or_else(|| EvalError::from(Cause::NoIndex(index.kind(), whole.kind())))?,
                _ => return Err(no_overload()),
            };
            let item = usize::try_from(at).ok().and_then(|at| list.get(at));
            item.ok_or_else(|| Cause::IndexOutOfBounds(at).into())
        }
        Value::Map(map) => match entry(map, index) {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(EvalError::no_such_key(key_text(index))),
            None => Err(no_overload()),
        },
        _ => Err(no_overload()),
    }
}

fn key_text(key: &Value<'_>) -> String {
    match key {
        Value::Float(float) => float.to_string(),
        other => Key::of(other).map(|key| key.to_string()).unwrap_or_default(),
    }
}

fn negated<'v>(value: &Value<'v>) -> EvalResult<Value<'v>> {
    match value {
        Value::Int(whole) => {
            whole.checked_neg().map(Value::Int).ok_or_else(|| Cause::Overflow("negate").into())
        }
        Value::Float(float) => Ok(Value::Float(-float)),
        other => Err(EvalError::no_overload("-_", &[other.kind()])),
    }
}

fn arithmetic<'v>(
    operator: Arithmetic,
    left: &Value<'v>,
    right: &Value<'v>,
) -> EvalResult<Value<'v>> {
    let name = match operator {
        Arithmetic::Subtract => "sub",
        Arithmetic::Multiply => "mul",
        Arithmetic::Divide => "div",
        Arithmetic::Remainder => "rem",
    };
    match (left, right) {
        (Value::Int(_), Value::Int(0))
            if matches!(operator, Arithmetic::Divide | Arithmetic::Remainder) =>
        {
            Err(Cause::DivisionByZero.into())
        }
        (Value::Int(a), Value::Int(b)) => {
            let result = match operator {
                Arithmetic::Subtract => a.checked_sub(*b),
                Arithmetic::Multiply => a.checked_mul(*b),
                Arithmetic::Divide => a.checked_div(*b),
                Arithmetic::Remainder => a.checked_rem(*b),
            };
            result.map(Value::Int).ok_or_else(|| Cause::Overflow(name).into())
        }
        (Value::Float(a), Value::Float(b)) if operator != Arithmetic::Remainder => {
            Ok(Value::Float(match operator {
                Arithmetic::Subtract => a - b,
                Arithmetic::Multiply => a * b,
                _ => a / b,
            }))
        }
        _ => Err(Cause::Operator(name, left.kind(), right.kind()).into()),
    }
}

/// A text that a function made.
pub fn made_text<'v>(text: String, budget: &Budget) -> EvalResult<Value<'v>> {
    budget.charge_bytes(text.len())?;
    Ok(Value::Text(Text::Shared(text.into())))
}

#[cfg(test)]
mod tests;
