// Soạn giấy mời và biên bản từ các ô riêng của mẫu (NĐ 30 Phụ lục III), tải bản DOCX, trình, ký, phát hành.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openFrom, press } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** What is filled in: the kind, its fields by their names, the running text. */
const DRAFTS = {
  giay_moi: {
    title: 'Giấy mời',
    number: /\d+\/GM-UBND/,
    fields: {
      guests: 'Lãnh đạo các sở, ngành\nLãnh đạo UBND các huyện',
      event: 'Hội nghị tổng kết chuyển đổi số',
      meeting_chair: 'Đồng chí Chủ tịch UBND tỉnh',
      meeting_time: '08 giờ 00 phút, ngày 15 tháng 01 năm 2026',
      meeting_place: 'Hội trường UBND tỉnh',
    },
    text: 'Đề nghị các đại biểu đến đúng giờ.',
  },
  bien_ban: {
    title: 'Biên bản',
    number: /\d+\/BB-UBND/,
    fields: {
      minutes_begin: '08 giờ 00 phút, ngày 08 tháng 01 năm 2026',
      minutes_place: 'Phòng họp số 1',
      attendees: 'Lãnh đạo Văn phòng\nTrưởng các phòng',
      secretary: 'Nguyễn Đức Quang',
      minutes_end: '11 giờ 30 phút, ngày 08 tháng 01 năm 2026',
    },
    text: '1. Các phòng báo cáo kết quả.\n2. Chủ tịch kết luận cuộc họp.',
  },
};

for (const phone of [false, true]) {
  for (const [kind, draft] of Object.entries(DRAFTS)) {
    test(`${draft.title.toLowerCase()} từ các ô riêng của mẫu đến phát hành${phone ? ', trên điện thoại' : ''}`, async () => {
      const words = `${draft.title} thử biểu mẫu${phone ? ' trên điện thoại' : ''}`;
      const drafter = await office.asPerson(PEOPLE.province.drafter, { phone });
      const { page } = drafter;
      await page.goto('/outgoing/new');

      // Chọn loại nào thì chỉ hiện các ô của loại đó.
      await page.locator('#f-type_key').selectOption('giay_gioi_thieu');
      assert.ok(await page.locator('#f-bearer').isVisible(), 'ô của giấy giới thiệu');
      await page.locator('#f-type_key').selectOption(kind);
      assert.ok(!(await page.locator('#f-bearer').isVisible()), 'ô của mẫu khác ẩn đi');
      await page.locator('#f-subject').fill(words);
      const [missing] = Object.keys(draft.fields).slice(-1);
      for (const [key, value] of Object.entries(draft.fields)) {
        if (key !== missing) await page.locator(`#f-${key}`).fill(value);
      }
      await page.locator('#f-main_text').fill(draft.text);
      await page
        .locator('input[name=recipients]')
        .and(page.getByLabel('Sở Thông tin và Truyền thông', { exact: false }))
        .first()
        .check();

      // Thiếu một ô: lỗi đứng cạnh ô đó, không mất gì đã nhập.
      await press(page, 'Lưu dự thảo');
      await page.locator(`#e-${missing}`).waitFor();
      await drafter.look(`template-${kind}-refused`);
      await page.locator(`#f-${missing}`).fill(draft.fields[missing]);
      await page.evaluate(() => window.scrollTo(0, 0));
      await drafter.look(`template-${kind}-form`);
      await press(page, 'Lưu dự thảo');
      await page.waitForURL(/\/outgoing\/[0-9a-f-]+$/);
      const address = page.url();
      await drafter.look(`template-${kind}-draft`);

      // Bản DOCX để sửa.
      const arrives = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Tải bản DOCX để sửa' }).click();
      const download = await arrives;
      assert.match(download.suggestedFilename(), /^DuThaoV1\.docx$/);
      const bytes = await readFile(await download.path());
      assert.equal(bytes.subarray(0, 2).toString(), 'PK');

      await press(page, 'Trình dự thảo');
      for (const [account, box, button] of [
        [PEOPLE.province.unitHead, 'approval', 'Xác nhận nội dung'],
        [PEOPLE.province.clerk, 'form-review', 'Xác nhận thể thức'],
        [PEOPLE.province.head, 'signing', 'Duyệt và ký số'],
      ]) {
        const person = await office.asPerson(account, { phone });
        await openFrom(person.page, box, words);
        await press(person.page, button);
        await person.page.locator('[data-flash]').first().waitFor();
      }
      const clerk = await office.asPerson(PEOPLE.province.clerk, { phone });
      await clerk.page.goto(address);
      await press(clerk.page, 'Cấp số, ký số cơ quan và phát hành');
      await clerk.page.locator('[data-flash]').first().waitFor();
      await clerk.page.goto(address);
      await clerk.page.getByText(draft.number).first().waitFor();
      await clerk.look(`template-${kind}-issued`);
    });
  }
}
