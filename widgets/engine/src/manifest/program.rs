//! Compiled expressions: what the evaluator walks. The parser of `cel` gives a syntax tree in which
//! a macro such as `map` is already a loop over an accumulator; here it becomes one node again,
//! names of loops become numbers, and what is constant is computed once.

use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, MapExpr,
};
use voordeur_widget_api::{Budget, BudgetLimits};

use super::evaluator;
use super::functions::{self, Function};
use super::values::{Text, Value};

/// A part of an expression.
pub enum Node {
    Constant(Value<'static>),
    /// The variable of a loop, by its depth.
    Local(usize),
    Name(Name),
    Select(Box<Node>, Box<str>),
    Has(Box<Node>, Box<str>),
    /// `at` with a literal path.
    Path(Box<Node>, Box<[Step]>),
    Index(Box<[Node; 2]>),
    Conditional(Box<[Node; 3]>),
    And(Box<[Node; 2]>),
    Or(Box<[Node; 2]>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Equal(Box<[Node; 2]>),
    Unequal(Box<[Node; 2]>),
    Compare(Comparison, Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    /// A chain of `+`.
    Sum(Box<[Node]>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    List(Box<[Node]>),
    Map(Box<[(Node, Node)]>),
    Builtin(Builtin, Box<[Node]>),
    Call(&'static Function, Box<[Node]>),
    Loop(Box<Loop>),
    /// A function that does not exist. The reader of manifests reports it with its line.
    Undeclared(Box<str>),
}

/// A variable.
pub enum Name {
    Item,
    Index,
    Settings,
    Place,
    Texts,
    Codes,
    Language,
    Now,
    Today,
    /// A request, a name in `let`, or a variable of a page or a lookup.
    Other(Box<str>),
}

impl Name {
    pub fn text(&self) -> &str {
        match self {
            Name::Item => "item",
            Name::Index => "index",
            Name::Settings => "settings",
            Name::Place => "place",
            Name::Texts => "texts",
            Name::Codes => "codes",
            Name::Language => "language",
            Name::Now => "now",
            Name::Today => "today",
            Name::Other(name) => name,
        }
    }
}

/// A step of a path: a key, or the index that its text denotes.
pub struct Step {
    pub key: Box<str>,
    pub index: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Functions and methods of CEL itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    Size,
    /// `x.size()`.
    SizeMethod,
    String,
    Int,
    Double,
    Contains,
    StartsWith,
    EndsWith,
}

/// A macro that visits each item of a list, or each key of a map.
pub struct Loop {
    pub kind: LoopKind,
    pub range: Node,
    /// Depth of its variable.
    pub local: usize,
    /// Of `map` and `filter`: the items that are taken.
    pub guard: Option<Node>,
    pub body: Node,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LoopKind {
    Map,
    Exists,
    All,
    ExistsOne,
}

/// Compiles a syntax tree; an error says what is not supported.
pub fn lower(tree: &IdedExpr) -> Result<Node, String> {
    Lowering::default().node(tree)
}

/// A constant that is larger stays an expression.
const CONSTANT_LIMITS: BudgetLimits =
    BudgetLimits { bytes: 20_000, nodes: 1_000, steps: 1_000, depth: 16 };

#[derive(Default)]
struct Lowering {
    /// Variables of the enclosing loops.
    locals: Vec<String>,
}

impl Lowering {
    fn node(&mut self, tree: &IdedExpr) -> Result<Node, String> {
        let node = match &tree.expr {
            Expr::Literal(literal) => Node::Constant(constant(literal)?),
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => {
                let operand = Box::new(self.node(&select.operand)?);
                let field = select.field.as_str().into();
                if select.test { Node::Has(operand, field) } else { Node::Select(operand, field) }
            }
            Expr::Call(call) => self.call(call)?,
            Expr::List(list) => Node::List(self.nodes(&list.elements)?),
            Expr::Map(map) => Node::Map(self.entries(map)?),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension)?,
            Expr::Struct(_) => return Err("messages are not supported: write a map".to_owned()),
            Expr::Unspecified => return Err("a part of it is empty".to_owned()),
        };
        Ok(folded(node))
    }

    fn nodes(&mut self, trees: &[IdedExpr]) -> Result<Box<[Node]>, String> {
        trees.iter().map(|tree| self.node(tree)).collect()
    }

    fn pair(&mut self, trees: &[IdedExpr]) -> Result<Box<[Node; 2]>, String> {
        match trees {
            [left, right] => Ok(Box::new([self.node(left)?, self.node(right)?])),
            _ => Err("an operator lacks an operand".to_owned()),
        }
    }

    fn entries(&mut self, map: &MapExpr) -> Result<Box<[(Node, Node)]>, String> {
        let entries = map.entries.iter().map(|entry| match &entry.expr {
            EntryExpr::MapEntry(entry) => Ok((self.node(&entry.key)?, self.node(&entry.value)?)),
            EntryExpr::StructField(_) => Err("a key lacks its value".to_owned()),
        });
        entries.collect()
    }

    fn name(&self, name: &str) -> Node {
        // A leading dot passes over the variables of loops.
        let global = name.strip_prefix('.');
        if global.is_none()
            && let Some(depth) = self.locals.iter().rposition(|local| local == name)
        {
            return Node::Local(depth);
        }
        Node::Name(match global.unwrap_or(name) {
            "item" => Name::Item,
            "index" => Name::Index,
            "settings" => Name::Settings,
            "place" => Name::Place,
            "texts" => Name::Texts,
            "codes" => Name::Codes,
            "language" => Name::Language,
            "now" => Name::Now,
            "today" => Name::Today,
            other => Name::Other(other.into()),
        })
    }

    fn call(&mut self, call: &CallExpr) -> Result<Node, String> {
        let arguments = call.args.as_slice();
        if let Some(receiver) = &call.target {
            let builtin = match (call.func_name.as_str(), arguments.len()) {
                ("contains", 1) => Builtin::Contains,
                ("startsWith", 1) => Builtin::StartsWith,
                ("endsWith", 1) => Builtin::EndsWith,
                ("size", 0) => Builtin::SizeMethod,
                (other, _) => return Ok(Node::Undeclared(other.into())),
            };
            let mut all = vec![self.node(receiver)?];
            all.extend(self.nodes(arguments)?);
            return Ok(Node::Builtin(builtin, all.into()));
        }
        Ok(match (call.func_name.as_str(), arguments) {
            ("_?_:_", [condition, yes, no]) => {
                let parts = [self.node(condition)?, self.node(yes)?, self.node(no)?];
                Node::Conditional(Box::new(parts))
            }
            ("_&&_", pair) => Node::And(self.pair(pair)?),
            ("_||_", pair) => Node::Or(self.pair(pair)?),
            ("!_", [operand]) => Node::Not(Box::new(self.node(operand)?)),
            ("-_", [operand]) => Node::Negate(Box::new(self.node(operand)?)),
            ("_==_", pair) => Node::Equal(self.pair(pair)?),
            ("_!=_", pair) => Node::Unequal(self.pair(pair)?),
            ("_<_", pair) => Node::Compare(Comparison::Less, self.pair(pair)?),
            ("_<=_", pair) => Node::Compare(Comparison::LessOrEqual, self.pair(pair)?),
            ("_>_", pair) => Node::Compare(Comparison::Greater, self.pair(pair)?),
            ("_>=_", pair) => Node::Compare(Comparison::GreaterOrEqual, self.pair(pair)?),
            ("@in", pair) => Node::In(self.pair(pair)?),
            ("_[_]", pair) => Node::Index(self.pair(pair)?),
            ("_+_", [left, right]) => {
                let (left, right) = (self.node(left)?, self.node(right)?);
                match left {
                    Node::Sum(terms) => {
                        let mut terms = terms.into_vec();
                        terms.push(right);
                        Node::Sum(terms.into())
                    }
                    left => Node::Sum(Box::new([left, right])),
                }
            }
            ("_-_", pair) => Node::Arithmetic(Arithmetic::Subtract, self.pair(pair)?),
            ("_*_", pair) => Node::Arithmetic(Arithmetic::Multiply, self.pair(pair)?),
            ("_/_", pair) => Node::Arithmetic(Arithmetic::Divide, self.pair(pair)?),
            ("_%_", pair) => Node::Arithmetic(Arithmetic::Remainder, self.pair(pair)?),
            ("size", [_]) => Node::Builtin(Builtin::Size, self.nodes(arguments)?),
            ("string", [_]) => Node::Builtin(Builtin::String, self.nodes(arguments)?),
            ("int", [_]) => Node::Builtin(Builtin::Int, self.nodes(arguments)?),
            ("double", [_]) => Node::Builtin(Builtin::Double, self.nodes(arguments)?),
            (name, _) => self.function(name, arguments)?,
        })
    }

    fn function(&mut self, name: &str, arguments: &[IdedExpr]) -> Result<Node, String> {
        let Some(function) = functions::all().find(|function| function.name() == name) else {
            return Ok(Node::Undeclared(name.into()));
        };
        if !(function.min_args..=function.max_args).contains(&arguments.len()) {
            return Ok(Node::Undeclared(name.into()));
        }
        let mut arguments = self.nodes(arguments)?.into_vec();
        if name == "at"
            && let [_, Node::Constant(Value::Text(path))] = arguments.as_slice()
        {
            let path = steps(path);
            arguments.truncate(1);
            if let Some(tree) = arguments.pop() {
                return Ok(Node::Path(Box::new(tree), path));
            }
        }
        Ok(Node::Call(function, arguments.into()))
    }

    /// A macro, from the loop into which the parser has expanded it.
    fn comprehension(&mut self, tree: &ComprehensionExpr) -> Result<Node, String> {
        let range = self.node(&tree.iter_range)?;
        let local = self.locals.len();
        self.locals.push(tree.iter_var.clone());
        let parts = self.loop_parts(tree);
        self.locals.truncate(local);
        let (kind, guard, body) = parts?;
        Ok(Node::Loop(Box::new(Loop { kind, range, local, guard, body })))
    }

    fn loop_parts(
        &mut self,
        tree: &ComprehensionExpr,
    ) -> Result<(LoopKind, Option<Node>, Node), String> {
        let unknown = || "it contains a macro that is not supported".to_owned();
        let Expr::Call(step) = &tree.loop_step.expr else { return Err(unknown()) };
        match (&tree.accu_init.expr, step.func_name.as_str(), step.args.as_slice()) {
            (Expr::Literal(LiteralValue::Boolean(_)), "_||_", [_, predicate]) => {
                Ok((LoopKind::Exists, None, self.node(predicate)?))
            }
            (Expr::Literal(LiteralValue::Boolean(_)), "_&&_", [_, predicate]) => {
                Ok((LoopKind::All, None, self.node(predicate)?))
            }
            (Expr::Literal(LiteralValue::Int(_)), "_?_:_", [predicate, ..]) => {
                Ok((LoopKind::ExistsOne, None, self.node(predicate)?))
            }
            (Expr::List(_), "_?_:_", [guard, step, _]) => {
                let body = appended(step).ok_or_else(unknown)?;
                Ok((LoopKind::Map, Some(self.node(guard)?), self.node(body)?))
            }
            (Expr::List(_), "_+_", _) => {
                let body = appended(&tree.loop_step).ok_or_else(unknown)?;
                Ok((LoopKind::Map, None, self.node(body)?))
            }
            _ => Err(unknown()),
        }
    }
}

/// The expression that a step appends to the accumulator.
fn appended(step: &IdedExpr) -> Option<&IdedExpr> {
    let Expr::Call(call) = &step.expr else { return None };
    match (call.func_name.as_str(), call.args.as_slice()) {
        ("_+_", [_, added]) => match &added.expr {
            Expr::List(list) => list.elements.first(),
            _ => None,
        },
        _ => None,
    }
}

fn constant(literal: &LiteralValue) -> Result<Value<'static>, String> {
    Ok(match literal {
        LiteralValue::Null => Value::Null,
        LiteralValue::Boolean(flag) => Value::Bool(*flag.inner()),
        LiteralValue::Int(whole) => Value::Int(*whole.inner()),
        LiteralValue::Double(float) => Value::Float(*float.inner()),
        LiteralValue::String(text) => Value::Text(Text::Shared(text.inner().into())),
        LiteralValue::UInt(_) => return Err("write a number without `u`".to_owned()),
        LiteralValue::Bytes(_) => return Err("write a text without `b`".to_owned()),
    })
}

/// The steps of a path as `at` takes it.
fn steps(path: &str) -> Box<[Step]> {
    path.split('.').map(|step| Step { key: step.into(), index: step.parse().ok() }).collect()
}

/// The value of a node whose parts are constant, in its place.
fn folded(node: Node) -> Node {
    let is_constant = |node: &Node| matches!(node, Node::Constant(_));
    let folds = match &node {
        Node::Not(operand) | Node::Negate(operand) => is_constant(operand),
        Node::Select(operand, _) => is_constant(operand),
        Node::Equal(pair)
        | Node::Unequal(pair)
        | Node::Compare(_, pair)
        | Node::In(pair)
        | Node::Index(pair)
        | Node::And(pair)
        | Node::Or(pair)
        | Node::Arithmetic(_, pair) => pair.iter().all(is_constant),
        Node::Conditional(parts) => parts.iter().all(is_constant),
        Node::Sum(parts) | Node::List(parts) | Node::Builtin(_, parts) => {
            parts.iter().all(is_constant)
        }
        Node::Map(entries) => {
            entries.iter().all(|(key, value)| is_constant(key) && is_constant(value))
        }
        _ => false,
    };
    if !folds {
        return node;
    }
    // One with an error is evaluated again where it is read, so that it is reported there.
    match evaluator::constant(&node, &Budget::new(CONSTANT_LIMITS)) {
        Ok(value) => Node::Constant(value),
        Err(_) => node,
    }
}
