/** Fonts that a system has; nothing is loaded. */
const FONT =
  '"Hiragino Kaku Gothic ProN", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, system-ui, sans-serif';

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0;font-family:${FONT};color:#1b2733;background:#fff;line-height:1.65;line-break:strict;overflow-wrap:anywhere}
:lang(ja){word-break:auto-phrase}
svg{display:block;max-width:100%}
figure{margin:0}
`;

/** Documents to be read, on a screen or on paper. */
export const READING_STYLE = `${BASE}
@page{size:A4;margin:16mm 15mm}
main{max-width:50rem;margin:0 auto;padding:1.5rem 1.1rem 3rem}
header{display:flex;gap:1rem;align-items:center;border-bottom:4px solid #0f3d5c;padding-bottom:1rem}
header .mark{width:5rem;flex:none}
h1{font-size:1.55rem;line-height:1.35;margin:0}
.site{margin:0;color:#3d5163;font-weight:600}
.lead{font-size:1.12rem;margin:1.1rem 0}
h2{font-size:1.15rem;margin:1.9rem 0 .5rem;padding-left:.6rem;border-left:5px solid #1f7d71;line-height:1.4}
p{margin:.45rem 0}
ul{margin:.4rem 0;padding-left:1.3rem}
li{margin:.25rem 0}
table{border-collapse:collapse;width:100%;margin:.5rem 0;font-size:.94rem}
th,td{border:1px solid #c3ced8;padding:.4rem .55rem;text-align:left;vertical-align:top}
thead th{background:#e8eff4;font-weight:600}
tbody th{background:#f4f7f9;font-weight:600;width:34%}
.wide td{min-width:5.6em}
.map{margin:.6rem 0;break-inside:avoid}
figcaption{font-size:.86rem;color:#3d5163;margin-top:.25rem}
#changes{background:#fff6e5;border:2px solid #b36b00;border-radius:.6rem;padding:.2rem 1rem .7rem;margin-top:1.2rem}
#changes h2{border-color:#b36b00;margin-top:.8rem}
.fill{border:1px solid #8fa3b3;min-height:3.2rem;padding:.3rem .6rem;margin:.4rem 0;font-size:.9rem;color:#3d5163}
footer{margin-top:2.2rem;padding-top:.8rem;border-top:1px solid #c3ced8;font-size:.86rem;color:#3d5163;display:flex;gap:1rem;align-items:center}
footer .qr{width:6rem;flex:none}
h2,thead{break-after:avoid}
tr,li,.fill{break-inside:avoid}
@media (max-width:40rem){
h1{font-size:1.3rem}
header .mark{width:4rem}
.wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.wide,.wide tbody,.wide tr,.wide td{display:block;width:100%}
.wide tr{border:1px solid #c3ced8;border-radius:.4rem;margin:.6rem 0;padding:.2rem 0}
.wide td{border:0;padding:.25rem .7rem}
.wide td::before{content:attr(data-label);display:block;font-size:.8rem;font-weight:600;color:#3d5163}
}
@media print{main{max-width:none;padding:0}body{font-size:10.5pt}}
`;

/** Sizes of a poster's text, from the largest; the first that fits is taken. */
export const POSTER_SIZES_PT = [12, 11, 10, 9.2, 8.4, 7.6, 7] as const;

/** One sheet of A4, read standing from two steps away. */
export const POSTER_STYLE = `${BASE}
@page{size:A4;margin:0}
body{line-height:1.45}
main{width:210mm;min-height:297mm;margin:0 auto;display:flex;flex-direction:column;font-size:10.4pt}
.head{background:#0f3d5c;color:#fff;display:flex;gap:7mm;align-items:center;padding:8mm 11mm}
.head .mark{width:30mm;flex:none}
.head h1{font-size:25pt;line-height:1.2;margin:0}
.head p{margin:1mm 0 0;font-size:12.5pt}
.steps{display:grid;grid-template-columns:repeat(3,1fr);gap:4mm;padding:4.5mm 11mm 1mm;text-align:center}
.steps .icon{height:15mm;margin:0 auto 1mm}
.steps p{margin:0;font-weight:600;font-size:11pt;line-height:1.35}
.change{margin:2.5mm 11mm 0;border:.7mm solid #b36b00;background:#fff6e5;border-radius:2mm;padding:1.5mm 4mm;font-size:9pt}
.change h2{color:#7a4900;font-size:10.5pt;margin:0}
.change ul{margin:.5mm 0;padding-left:5mm}
.body{display:grid;grid-template-columns:94mm 1fr;gap:2mm 7mm;padding:3mm 11mm;flex:1;align-content:start}
.maps{display:grid;gap:3mm;align-content:start}
.map figcaption{font-size:8.2pt;line-height:1.35;color:#3d5163}
dl{margin:0}
dt{font-weight:700;color:#0f3d5c;font-size:calc(var(--size)*.95);margin-top:2.4mm;line-height:1.42}
dt:first-child{margin-top:0}
dd{margin:0 0 .4mm;font-size:var(--size);line-height:1.42}
${POSTER_SIZES_PT.map((size, i) => `.s${i}{--size:${size}pt}`).join('\n')}
.foot{background:#e8eff4;display:flex;gap:7mm;align-items:center;padding:4.5mm 11mm}
.foot .qr{width:27mm;flex:none}
.foot p{margin:0}
.foot .who{font-size:13pt;font-weight:700}
.foot .url{font-size:9pt}
.other{color:#3d5163;font-size:9.5pt}
`;

export const STICKER_WIDTH_MM = 148;
export const STICKER_HEIGHT_MM = 105;

/** A sticker of A6: understood at a glance, and where to learn more. */
export const STICKER_STYLE = `${BASE}
@page{size:${STICKER_WIDTH_MM}mm ${STICKER_HEIGHT_MM}mm;margin:0}
body{line-height:1.35}
main{width:${STICKER_WIDTH_MM}mm;height:${STICKER_HEIGHT_MM}mm;padding:5mm;display:flex;flex-direction:column;gap:3mm;border:1.4mm solid #0f3d5c}
.top{display:flex;gap:5mm;align-items:center;flex:1;min-height:0}
.top .mark{width:46mm;flex:none}
h1{font-size:25pt;line-height:1.2;margin:0;color:#0f3d5c}
.top p{margin:1.8mm 0 0;font-size:13.5pt;font-weight:600}
.top .other{font-weight:400;font-size:10.5pt;color:#3d5163}
.bottom{display:flex;gap:4mm;align-items:center;border-top:.4mm solid #8fa3b3;padding-top:2.5mm}
.bottom .qr{width:28mm;flex:none}
.bottom p{margin:0;font-size:9.5pt}
.bottom .who{font-weight:700;font-size:11.5pt}
`;
