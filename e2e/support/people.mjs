// The people of the demo province whom the scenarios speak of, by what they do. All are made up.
export const PEOPLE = {
  province: {
    drafter: 'quangnd.ubnd', // Nguyễn Đức Quang, chuyên viên Phòng KGVX
    unitHead: 'thaobtp.ubnd', // Bùi Thị Phương Thảo, trưởng phòng KGVX
    head: 'khaitq.ubnd', // Trần Quốc Khải, Chủ tịch
    deputy: 'tamltm.ubnd', // Lê Thị Minh Tâm, Phó Chủ tịch
    clerk: 'nhungpth.ubnd', // Phạm Thị Hồng Nhung, văn thư
  },
  department: {
    clerk: 'anhltn.stttt', // Lê Thị Ngọc Ánh, văn thư Sở Thông tin và Truyền thông
    head: 'hungdm.stttt', // Đặng Minh Hưng, Giám đốc
    unitHead: 'longhd.stttt', // Hoàng Đình Long, trưởng phòng BCVT
    officer: 'annv.stttt', // Nguyễn Văn An, chuyên viên phòng BCVT
    administrator: 'tupa.stttt', // Phan Anh Tú, quản trị
  },
  otherDepartment: { clerk: 'oanhntk.snv' }, // Ngô Thị Kim Oanh, văn thư Sở Nội vụ
  district: { clerk: 'trangdtq.dakmil', head: 'hieupt.dakmil' }, // UBND huyện Đắk Mil
  commune: { clerk: 'thuybtt.xdaklao', head: 'sonnv.xdaklao' }, // UBND xã Đắk Lao
};
