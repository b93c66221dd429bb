//! The recipients: clerks take documents in or return them, and answer what senders ask.

use std::{collections::HashSet, thread, time::Duration};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    kit::{Call, client},
    office::Office,
    plan::Mark,
    world::World,
};

/// One clerk, until the run is over.
pub fn work(world: &World, office: &Office, token: &str) {
    let desk = office.desks.iter().position(|own| own == token).unwrap() as u64;
    let mut clerk = Clerk {
        world,
        office,
        token,
        desk,
        agent: client(),
        returned: HashSet::new(),
    };
    let _watch = world.watch();
    while !world.is_over() {
        if clerk.receive() + clerk.answer() == 0 {
            thread::sleep(Duration::from_millis(200));
        }
    }
}

struct Clerk<'a> {
    world: &'a World,
    office: &'a Office,
    token: &'a str,
    desk: u64,
    agent: ureq::Agent,
    /// What was returned once: it is taken in when it comes again, corrected.
    returned: HashSet<Mark>,
}

impl Clerk<'_> {
    fn first_page(&self, desk_box: &str) -> Vec<Value> {
        let page = self.world.read(
            &self.agent,
            self.office,
            self.token,
            &format!("/api/v1/boxes/{desk_box}"),
        );
        page["items"].as_array().unwrap().clone()
    }

    /// Whether it was done. It is not when the sender was faster: a document may be recalled while its page is open.
    fn call(&self, path: &str, body: Value) -> bool {
        // A document that was returned and sent again is a new question: the same words must not be the same command.
        let call = Call {
            command: Uuid::from_u128(rand::random()),
            ..Call::new(self.token, path, body)
        };
        self.world.may(&self.agent, self.office, &call)
    }

    fn receive(&mut self) -> usize {
        let seed = self.world.size.seed;
        let mut done = 0;
        for item in self.first_page("reception") {
            let (id, subject) = (text(&item["id"]), text(&item["subject"]));
            let path = format!("/api/v1/incoming/{id}");
            // A notice has no mark; it is taken in.
            let mark = Mark::of(subject);
            let is_returned =
                mark.is_some_and(|mark| mark.is_returned(seed, self.desk) && !self.returned.contains(&mark));
            let settled = if is_returned {
                self.call(
                    &format!("{path}/refuse"),
                    json!({ "reason": "Văn bản không thuộc thẩm quyền giải quyết" }),
                )
            } else {
                self.call(
                    &format!("{path}/register"),
                    json!({ "despite": "Đã đối chiếu với bên gửi qua điện thoại" }),
                )
            };
            if settled {
                self.returned.extend(mark.filter(|_| is_returned));
                done += 1;
                self.world.advanced();
            }
        }
        done
    }

    fn answer(&self) -> usize {
        let seed = self.world.size.seed;
        let mut done = 0;
        for item in self.first_page("requests") {
            let (id, subject) = (text(&item["id"]), text(&item["subject"]));
            let Some(mark) = Mark::of(subject) else { continue };
            let document = self.world.read(
                &self.agent,
                self.office,
                self.token,
                &format!("/api/v1/incoming/{id}"),
            );
            for request in document["requests"].as_array().into_iter().flatten() {
                if request["state"] != "open" {
                    continue;
                }
                let path = format!("/api/v1/incoming/{id}/requests/{}", text(&request["id"]));
                let settled = if mark.is_agreed(seed, self.desk) {
                    self.call(&format!("{path}/agree"), json!({}))
                } else {
                    self.call(
                        &format!("{path}/refuse"),
                        json!({ "reason": "Văn bản đã được giải quyết xong" }),
                    )
                };
                if settled {
                    done += 1;
                    self.world.moved();
                }
            }
        }
        done
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
