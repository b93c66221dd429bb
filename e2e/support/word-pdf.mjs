// A document as officers make it in their word processor: two pages, with blanks for number, day and month, and room for
// the signature. The browser prints it, so that its letters are placed as real programs place them.
const HEAD = `<table><tr>
  <td>ỦY BAN NHÂN DÂN<br>TỈNH ĐẮK NÔNG<p>Số:<span class="blank"></span>/QĐ-UBND</p></td>
  <td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc
  <p><i>Đắk Nông, ngày<span class="blank day"></span>tháng<span class="blank day"></span>năm ${new Date().getFullYear()}</i></p></td>
</tr></table>`;

/**
 * @param {import('playwright-core').BrowserContext} context whose browser prints it
 * @param {{subject: string, title: string, signer: string}} words
 * @returns {Promise<Buffer>} a PDF of two pages
 */
export async function wordPdf(context, { subject, title, signer }) {
  const page = await context.newPage();
  await page.setContent(`<!doctype html><html lang="vi"><meta charset="utf-8"><title>${subject}</title><style>
    @page { size: A4; margin: 20mm 20mm 20mm 30mm }
    body { font: 14pt/1.35 "Liberation Serif", "Times New Roman", serif; margin: 0 }
    table { width: 100%; border-collapse: collapse; text-align: center; font-size: 13pt } td { vertical-align: top; padding: 0 }
    td p { margin: 4mm 0 0 } .blank { display: inline-block; width: 12mm } .blank.day { width: 9mm }
    h1 { font-size: 14pt; text-align: center } .next { break-before: page } .room { height: 28mm }
  </style>${HEAD}
  <h1>QUYẾT ĐỊNH<br>${subject}</h1>
  <p>Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;</p>
  <p><b>Điều 1.</b> Ông ${signer} làm Trưởng ban.</p>
  <p class="next"><b>Điều 2.</b> Quyết định này có hiệu lực kể từ ngày ký.</p>
  <table><tr><td style="text-align: left"><i>Nơi nhận:</i><br>- Như Điều 2;<br>- Lưu: VT.</td>
  <td><b>${title}</b><div class="room"></div><b>${signer}</b></td></tr></table></html>`);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.close();
  return pdf;
}
