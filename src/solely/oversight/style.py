"""The one style sheet of a report: dark on light, no address of anything outside, fit for print."""

CSS = """
:root{--ink:#1c1d1f;--soft:#55585e;--paper:#fcfbf8;--card:#fff;--line:#dcd8cf;--blue:#1d4f7c;--pale:#e9eef3;
--green:#1f6a4d;--red:#9c2318;--orange:#a8520f;--ochre:#75641a;color-scheme:light}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main,header,footer{max-width:58rem;margin:0 auto;padding:0 1.25rem}
@media (min-width:48rem){.sections{max-width:58rem;margin:0 auto;padding:0 1.25rem}}
h1,h2,h3{font-family:Charter,"Iowan Old Style","Source Serif 4",Georgia,"Liberation Serif",serif;
line-height:1.2;font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.75rem,1.3rem + 2.2vw,2.75rem);margin:.35rem 0 .75rem;letter-spacing:-.01em}
h2{font-size:clamp(1.3rem,1.15rem + .8vw,1.7rem);margin:0 0 .5rem}
h3{font-size:1.05rem;margin:1.5rem 0 .25rem}
p{margin:.5rem 0 1rem;max-width:42rem;text-wrap:pretty}
a{color:var(--blue)}
:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
header{padding-top:2.5rem}
.over{margin:0;color:var(--soft);font-size:.95rem}
.lead{font-size:1.15rem;color:var(--ink)}
.banner{border:2px solid var(--orange);border-radius:.4rem;
background:#fff6ec;padding:.6rem .9rem;max-width:none}
.blocked{border-color:var(--red);background:#fdf0ee}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.25rem,1fr));gap:.75rem;margin:1.5rem 0 0}
.tiles div{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--blue);
border-radius:.3rem;padding:.7rem .8rem .8rem;display:flex;
flex-direction:column-reverse;justify-content:flex-end}
.tiles div.good{border-top-color:var(--green)}
.tiles div.wait{border-top-color:var(--ochre)}
.tiles div.stop{border-top-color:var(--soft)}
.tiles div.bad{border-top-color:var(--red)}
.versus{grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));max-width:42rem;margin:1rem 0}
.versus dd{font-size:2.4rem}
.versus .bad dd{color:var(--red)}
.versus .good dd{color:var(--green)}
.tiles dt{color:var(--soft);font-size:.9rem;line-height:1.35}
.tiles dd{margin:0;font-size:1.8rem;font-weight:650;line-height:1.2;font-variant-numeric:tabular-nums}
section{margin:3rem 0 0;padding-top:1.6rem;border-top:1px solid var(--line)}
figure{margin:1.25rem 0 0}
svg.chart{display:block;overflow:visible}
svg.patterns{position:absolute}
svg text{fill:var(--ink);
font:500 14px/1 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
svg .figure{font-weight:650;font-variant-numeric:tabular-nums}
svg .note{fill:var(--soft);font-size:13px;font-weight:400}
.bar{fill:var(--blue)}
.bar.withheld{fill:var(--soft)}
.bar.releasable{fill:var(--green)}
.bar.refused{fill:var(--red)}
.bar.returned{fill:var(--orange)}
.bar.referred{fill:var(--ochre)}
.bar.correct,.bar.released{fill:var(--green)}
.bar.dropped{fill:url(#p-dropped)}
.bar.insufficient{fill:url(#p-insufficient)}
.bar.unconfirmed{fill:url(#p-unconfirmed)}
.bar.forbidden{fill:url(#p-forbidden)}
.bar.wrong{fill:url(#p-wrong)}
.line{fill:none;stroke-width:2}
.ground.dropped{fill:#e3e8ee}.line.dropped{stroke:#8494a5;stroke-width:1}
.ground.insufficient{fill:#d9802f}.line.insufficient{stroke:#8a420b}
.ground.unconfirmed{fill:#c9b458}.line.unconfirmed{stroke:#75641a}
.ground.forbidden{fill:#9b86bd}.line.forbidden{stroke:#4d3775}
.ground.wrong{fill:#9c2318}.line.wrong{stroke:#e0948d;stroke-width:1}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;
margin:.9rem 0 0;padding:0;font-size:.92rem}
.legend li{display:flex;align-items:baseline}
.swatch{flex:none;position:relative;top:2px;vertical-align:-2px;margin-right:.45rem}
details{margin:1rem 0 0}
summary{cursor:pointer;color:var(--blue);font-weight:550;padding:.25rem 0}
table{border-collapse:collapse;width:100%;font-size:.93rem;font-variant-numeric:tabular-nums;margin:.6rem 0 0}
caption{text-align:left;color:var(--soft);padding:0 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.42rem .7rem .42rem 0;border-bottom:1px solid var(--line);
overflow-wrap:break-word}
thead th{border-bottom:2px solid var(--ink);font-weight:600;overflow-wrap:normal}
tbody th{font-weight:550}
.n{text-align:right}
code,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em;
overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem 1.25rem;margin:1rem 0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.moments{list-style:none;margin:1rem 0 0;padding:0;border-left:2px solid var(--line)}
.moments li{position:relative;padding:0 0 .9rem 1.2rem}
.moments li::before{content:"";position:absolute;left:-7px;top:.5em;width:12px;height:12px;border-radius:50%;
background:var(--blue);border:2px solid var(--paper)}
.moments time{display:block;color:var(--soft);font-size:.9rem;font-variant-numeric:tabular-nums}
.bound{margin:1.25rem 0 0;
background:var(--pale);border-left:4px solid var(--blue);padding:.6rem .9rem;max-width:none}
ul.limits{max-width:44rem;padding-left:1.2rem}
.bound ul.limits{margin:.4rem 0;max-width:none}
ul.limits li{margin:0 0 .5rem;overflow-wrap:anywhere}
.contents{columns:18rem;margin:.5rem 0 0;padding-left:1.2rem;max-width:none}
.contents li{margin:0 0 .3rem;break-inside:avoid}
nav h2{font-size:1.05rem}
.rule{margin:1.5rem 0 0;padding:.9rem 1.1rem 1.1rem;background:var(--card);
border:1px solid var(--line);border-left:4px solid var(--blue);border-radius:.3rem}
.rule h3{margin:0}
.rule+p{margin-top:1.75rem}
.rule .facts{margin:.8rem 0 0;font-size:.93rem}
.reads{font-size:1.05rem;max-width:none}
q{font-style:italic}
pre{margin:.6rem 0 0;padding:.6rem .8rem;background:var(--pale);border-radius:.3rem;white-space:pre-wrap;
overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:3rem;color:var(--soft);font-size:.9rem}
@media (max-width:44rem){
.wide,.wide tbody,.wide tr,.wide th,.wide td,.wide caption{display:block}
.wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.wide tr{border-bottom:2px solid var(--line);padding:.5rem 0}
.wide th,.wide td{border:0;padding:.12rem 0}
.wide td{display:flex;justify-content:space-between;gap:1rem;text-align:right}
.wide td::before{content:attr(data-label);color:var(--soft);text-align:left;flex:none}
.words td{display:block;text-align:left}
.words td::before{display:block}
.facts{grid-template-columns:1fr}
.facts dd{margin:0 0 .5rem}
}
@media (forced-colors:active){.bar{forced-color-adjust:none}.tiles div,.bound{border:1px solid}}
@media print{
body{background:#fff;font-size:10pt}
main,header,footer,.sections{max-width:none;padding:0}
section,figure,.tiles,tr,.moments li{break-inside:avoid}
h2,h3{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.skip,summary{display:none}
section:has(.rule),section:has(.words){break-inside:auto}
.reads,caption,p:has(+.rule){break-after:avoid}
.rule{margin:.8rem 0 0;padding:.5rem .8rem;line-height:1.4}
.rule .facts{gap:.05rem 1rem;margin:.4rem 0 0}
.rule th,.rule td{padding:.12rem .5rem .12rem 0}
.rule pre{margin:.3rem 0 0;padding:.3rem .6rem}
.rule p{margin:.2rem 0}
thead{display:table-header-group}
}
"""


def nested(name: str) -> str:
    """The same style for what stands in an element of a class, on a page that has a style of its own."""
    rules = CSS.replace(":root{", "&{").replace("body{", "&{")
    return f".{name}{{{rules}}}\n"
