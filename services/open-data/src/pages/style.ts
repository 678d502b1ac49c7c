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
${BUYERS_STYLE}`;
