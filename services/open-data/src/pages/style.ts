import { READING_STYLE } from '@hitonami/privacy';
import { BUYERS_STYLE } from '../buyers/style.js';

/** The pages look as the notices do, with what they have beside them. */
export const STYLE = `${READING_STYLE}
a{color:#0b5a7a}
a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible{outline:3px solid #b36b00;outline-offset:2px}
header .text{flex:1;min-width:0}
.languages{margin:0;font-size:.95rem;white-space:nowrap}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.4rem .8rem}
.doors{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.7rem;margin:1.2rem 0;padding:0;list-style:none}
.doors li{margin:0}
.doors a{display:block;background:#0f3d5c;color:#fff;text-decoration:none;border-radius:.5rem;padding:.8rem 1rem;font-weight:600;text-align:center}
.doors a:hover{background:#17557e}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.7rem;margin:.6rem 0}
.figures div{background:#f4f7f9;border-radius:.5rem;padding:.6rem .8rem}
.figures dt{font-size:.86rem;color:#3d5163}
.figures dd{margin:0;font-size:1.35rem;font-weight:700;font-variant-numeric:tabular-nums}
.notice{background:#fff6e5;border:2px solid #b36b00;border-radius:.6rem;padding:.6rem 1rem;margin:1rem 0}
.error{background:#fdecea;border:2px solid #a3261b;border-radius:.6rem;padding:.6rem 1rem;margin:1rem 0}
form{margin:1rem 0}
label{display:block;font-weight:600;margin:1rem 0 .3rem}
.hint{font-size:.9rem;color:#3d5163;margin:.2rem 0}
textarea,input{width:100%;font:inherit;padding:.55rem .7rem;border:1px solid #5b7083;border-radius:.4rem;background:#fff;color:inherit}
textarea{min-height:10rem}
button{font:inherit;font-weight:700;margin-top:1.2rem;padding:.7rem 1.6rem;border:0;border-radius:.5rem;background:#0f3d5c;color:#fff;cursor:pointer}
.trap{position:absolute;left:-999rem;height:1px;overflow:hidden}
.words{white-space:pre-wrap;background:#f4f7f9;border-radius:.5rem;padding:.7rem 1rem;margin:.4rem 0}
.link{font-size:1.05rem;font-weight:600}
code{font-size:.82rem;overflow-wrap:anywhere}
main.broad{max-width:64rem}
.badge{display:inline-block;border-radius:1rem;padding:.05rem .7rem;font-size:.86rem;font-weight:600;white-space:nowrap;vertical-align:.06em}
.badge.open{background:#d9efe9;color:#0c4a40}
.badge.paid{background:#fdebcf;color:#5c3500}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.1rem 1.4rem;margin:.8rem 0}
.facts div{border-top:1px solid #dbe3ea;padding:.4rem 0}
.facts dt{font-size:.86rem;color:#3d5163}
.facts dd{margin:0;font-weight:600}
#law .facts{grid-template-columns:1fr}
#law .facts dd{font-weight:400}
.scroll{overflow-x:auto;margin:.6rem 0}
.scroll:focus-visible{outline:3px solid #b36b00;outline-offset:2px}
.scroll table{width:auto;min-width:100%}
.scroll th,.scroll td{white-space:nowrap}
.scroll caption{text-align:left;font-size:.86rem;color:#3d5163;padding:.2rem 0}
#preview th{font-size:.86rem}
abbr[title]{text-decoration:none}
#files td{white-space:normal;min-width:6rem}
#files td:first-child{min-width:14rem}
#files .number{min-width:0;white-space:nowrap}
#files code{display:block;min-width:17rem;font-size:.72rem}
.number{text-align:right;font-variant-numeric:tabular-nums}
.search div{display:flex;gap:.6rem;max-width:40rem}
.search input{flex:1;min-width:0}
.search button{margin:0;white-space:nowrap}
.datasets{list-style:none;padding:0}
.datasets>li{border:1px solid #c3ced8;border-radius:.6rem;padding:.3rem 1rem .7rem;margin:.8rem 0}
.datasets h2{margin:.5rem 0 .3rem;border:0;padding:0}
.chart{margin:1rem 0}
.chart svg{width:100%;height:auto}
.state{font-size:1.15rem;display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:baseline;border-left:.5rem solid #8fa3b3;padding:.2rem .8rem;background:#f4f7f9;border-radius:.3rem}
.state strong{font-size:1.5rem}
.state.quiet{border-color:#1f7d71}
.state.busy{border-color:#b36b00}
.state.very-busy{border-color:#a3261b}
.shares th,.shares td{border:0;padding:.2rem .5rem .2rem 0;background:none;vertical-align:middle;width:auto}
.shares th{width:9.5rem}
.shares td:nth-child(2){font-weight:700;font-variant-numeric:tabular-nums;width:6rem}
.shares svg{width:100%;max-width:22rem;height:.9rem}
.scene{display:grid;max-width:44rem}
.scene img{grid-area:1/1;width:100%;height:auto}
main.embedded{padding:.8rem 1rem}
@media (max-width:40rem){.shares th{width:6.5rem}.shares td:nth-child(2){width:4.5rem}}
${BUYERS_STYLE}`;
