-- The book of the post, the working calendar, internal processes, notices. Words with @ are replaced per database, see
-- src/migrate.rs.

-- Sổ gửi văn bản đi bưu điện: what goes on paper, in the order of issue.
CREATE INDEX delivery_on_paper ON delivery (agency_id, id) WHERE channel = 'paper';

----------------------------------------------------------------------------------------------- the working calendar

CREATE TABLE calendar_day (                 -- what was decided for a day, over the calendar of the program
    day         @text PRIMARY KEY,
    kind        @text NOT NULL,             -- rules::deadlines::DayKind
    name        @text NOT NULL,
    decided_by  @text NOT NULL,             -- name and title
    decided_at  @int NOT NULL
) @strict, @rowless;
