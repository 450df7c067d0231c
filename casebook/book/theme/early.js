// Runs before the first paint: the colours that the reader chose, so that a dark page does not flash,
// and the faces under way, so that no text moves (not from disk: a browser would refuse and complain).
(d=>{
  let m;
  try{m=localStorage.getItem('mode')}catch(e){}
  d.classList.add('js');
  d.dataset.mode=m=m||'auto';
  d.dataset.theme=m=='auto'?matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light':m;
  if(location.protocol=='file:')d.classList.add('disk');
  else for(const f of['serif','sans'])document.head.append(Object.assign(
    document.createElement('link'),
    {rel:'preload',as:'font',type:'font/woff2',crossOrigin:'',
    href:d.dataset.content_root+'_static/'+f+'.woff2'}
  ))
})(document.documentElement)
