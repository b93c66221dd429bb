//! A person at the pages, without a browser: what has no API is done the way people do it.

use super::client;

/// Somebody signed in.
pub struct Visitor {
    agent: ureq::Agent,
    port: u16,
    cookie: String,
    csrf: String,
}

impl Visitor {
    /// Signs in through the form.
    pub fn sign_in(port: u16, account: &str, password: &str) -> Self {
        let mut visitor = Self {
            agent: client(),
            port,
            cookie: String::new(),
            csrf: String::new(),
        };
        let (status, _, cookie) =
            visitor.submit("/sign-in", &[("username", account), ("password", password)]);
        assert!(
            (300..400).contains(&status),
            "{account} could not sign in: {status}"
        );
        visitor.cookie = cookie.expect("a session cookie");
        let home = visitor.page("/");
        visitor.csrf = field(&home, "csrf").expect("a form with its token").to_owned();
        visitor
    }

    /// Reads a page.
    pub fn page(&self, path: &str) -> String {
        let mut answer = self
            .agent
            .get(format!("http://127.0.0.1:{}{path}", self.port))
            .header("Cookie", &self.cookie)
            .call()
            .unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.body_mut().read_to_string().unwrap()
    }

    /// Sends a form that must be accepted; gives the address of the page that comes next.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        let (status, next, _) = self.submit(path, &all);
        assert!((300..400).contains(&status), "{path}: {status} {next}");
        next
    }

    /// Status, the next address (or the page that says why not), the session cookie.
    fn submit(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String, Option<String>) {
        let mut answer = self
            .agent
            .post(format!("http://127.0.0.1:{}{path}", self.port))
            .header("Cookie", &self.cookie)
            .send_form(fields.iter().copied())
            .unwrap();
        let header = |name: &str| {
            let values = answer.headers().get_all(name).iter();
            values
                .filter_map(|value| value.to_str().ok())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let cookie = header("set-cookie")
            .into_iter()
            .find(|cookie| cookie.starts_with("__Host-vanthu="))
            .and_then(|cookie| cookie.split(';').next().map(str::to_owned));
        let next = header("location").into_iter().next();
        let status = answer.status().as_u16();
        let next = next.unwrap_or_else(|| answer.body_mut().read_to_string().unwrap_or_default());
        (status, next, cookie)
    }
}

/// The value of a hidden field.
fn field<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    rest.split('"').next()
}
