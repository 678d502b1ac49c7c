/** What the pages of buyers have beside the others. */
export const BUYERS_STYLE = `
fieldset{border:1px solid #c3ced8;border-radius:.5rem;padding:.2rem 1rem .6rem;margin:1rem 0}
legend{font-weight:600;padding:0 .3rem}
.choice{margin:.7rem 0;display:grid;grid-template-columns:auto 1fr;column-gap:.6rem;align-items:start}
.choice input{width:1.25rem;height:1.25rem;margin:.2rem 0 0}
.choice label{margin:0}
.choice .hint{grid-column:2}
.contract{max-height:32rem;overflow:auto}
details{margin:.6rem 0}
summary{cursor:pointer;font-weight:600}
form.inline{display:inline;margin:0}
button.small{margin:.2rem 0;padding:.35rem .8rem;font-size:.9rem;background:#fff;color:#0f3d5c;border:1px solid #0f3d5c}
summary:focus-visible,.contract:focus-visible,.table-box:focus-visible{outline:3px solid #b36b00;outline-offset:2px}
.table-box{overflow-x:auto}
.table-box tbody th{width:auto}
dl{margin:.5rem 0}
.figures.long dd{font-size:1.02rem}
dt{font-size:.9rem;color:#3d5163}
dd{margin:0 0 .5rem}
`;
