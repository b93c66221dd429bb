//! Conditions added one by one, for lists with optional filters. Values are always bound, never pasted.

use crate::Arg;

/// A statement that grows: fixed text with conditions and their values.
#[derive(Debug, Clone)]
pub struct Filter {
    text: String,
    args: Vec<Arg>,
    conditions: usize,
}

impl Filter {
    /// Starts from `SELECT … FROM …` without `WHERE`.
    pub fn select(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            args: Vec::new(),
            conditions: 0,
        }
    }

    /// Starts from fixed text that already binds `args` as `$1 … $n` (a sub-query, say), without an outer `WHERE`.
    pub fn select_with(text: &'static str, args: Vec<Arg>) -> Self {
        Self {
            text: text.to_owned(),
            args,
            conditions: 0,
        }
    }

    /// Adds `AND condition`; each `?` in it stands for the next of `values`.
    #[must_use]
    pub fn and(mut self, condition: &'static str, values: Vec<Arg>) -> Self {
        self.text
            .push_str(if self.conditions == 0 { " WHERE " } else { " AND " });
        self.conditions += 1;
        self.append(condition, values);
        self
    }

    /// Adds the condition when the value is there.
    #[must_use]
    pub fn and_if<T>(self, condition: &'static str, value: Option<T>) -> Self
    where
        Arg: From<T>,
    {
        match value {
            Some(value) => self.and(condition, vec![Arg::from(value)]),
            None => self,
        }
    }

    /// Adds the end of the statement (`ORDER BY … LIMIT ?`).
    #[must_use]
    pub fn end(mut self, text: &'static str, values: Vec<Arg>) -> Self {
        self.text.push(' ');
        self.append(text, values);
        self
    }

    fn append(&mut self, text: &'static str, values: Vec<Arg>) {
        let mut values = values.into_iter();
        for (i, part) in text.split('?').enumerate() {
            if i > 0 {
                if let Some(value) = values.next() {
                    self.args.push(value);
                }
                self.text.push('$');
                self.text.push_str(&self.args.len().to_string());
            }
            self.text.push_str(part);
        }
        debug_assert!(
            values.next().is_none(),
            "more values than question marks in {text}"
        );
    }

    /// Goes on after a sub-query was closed by [`Filter::end`]: the next condition begins a new `WHERE`.
    #[must_use]
    pub fn nested(mut self) -> Self {
        self.conditions = 0;
        self
    }

    /// The same statement after a word of the database, such as `EXPLAIN`.
    pub(crate) fn after(mut self, word: &'static str) -> Self {
        self.text.insert_str(0, word);
        self
    }

    /// The text and the values, for [`crate::Db::filtered`].
    pub fn finish(self) -> (String, Vec<Arg>) {
        (self.text, self.args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn numbers_follow_the_order_of_values() {
        let (text, values) = Filter::select_with("SELECT a FROM t", args![1_i64])
            .and("b = ?", args!["x"])
            .and_if("c < ?", None::<i64>)
            .and_if("d < ?", Some(5_i64))
            .end("ORDER BY a LIMIT ?", args![20_i64])
            .finish();
        assert_eq!(
            text,
            "SELECT a FROM t WHERE b = $2 AND d < $3 ORDER BY a LIMIT $4"
        );
        assert_eq!(values.len(), 4);
    }
}
