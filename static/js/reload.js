var t=document.querySelector("[data-reload]");if(t){let e=()=>document.hidden?document.addEventListener("visibilitychange",e,{once:!0}):location.reload();setTimeout(e,Number(t.dataset.reload)*1e3)}
